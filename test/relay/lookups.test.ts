import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Zone } from '../kit/dns-server.ts';
import { askingRelay } from './asked.ts';
import { submit } from './mail.ts';
import { OPEN } from './site-fixture.ts';

const CLEAN = '192.0.2.1';
const LISTED = '192.0.2.2';
const REFUSED = '192.0.2.3';
const BROKEN = '192.0.2.4';
const SILENT = '192.0.2.5';
const FORGED = '192.0.2.6';

const ZONE: Zone = {
  '1.2.0.192.in-addr.arpa': { PTR: ['mx.client.test'] },
  'mx.client.test': { A: [CLEAN] },
  '6.2.0.192.in-addr.arpa': { PTR: ['mx.client.test'] },
  '4.2.0.192.in-addr.arpa': { always: 'SERVFAIL' },
  '5.2.0.192.in-addr.arpa': { always: 'TIMEOUT' },
  '2.2.0.192.one.test': { A: ['127.0.0.2'] },
  '3.2.0.192.one.test': { A: ['127.255.255.254'] },
  '4.2.0.192.one.test': { always: 'SERVFAIL' },
};

const rules = (...lines: readonly string[]): string => `${OPEN}rules:\n${lines.map((line) => `  - ${line}\n`).join('')}`;

const transaction = ['EHLO client.test', 'MAIL FROM:<a@sender.test>', 'RCPT TO:<bob@example.com>'];

test('a policy that needs no DNS asks none', async (context) => {
  const { visitor, dns, hop } = await askingRelay(context, ZONE);
  const { client } = await visitor(CLEAN);
  await client.ask('EHLO client.test');
  assert.match(await submit(client), /^250 /);
  await hop.arrived(1);
  assert.deepEqual(dns.queries, []);
});

test('a hook makes only the look-ups its rules need, once per connection, and caches them', async (context) => {
  const policy = rules(
    '{ id: other-listener, on: connect, when: { listener: other, dnsbl.one: spam }, then: reject }',
    '{ id: named, on: helo, when: { client.rdns: mx.client.test }, then: { tag: [named] } }',
    '{ id: named-still, on: mail, when: { client.rdns: mx.client.test, sender.null: true, spf.result: fail }, then: reject }',
  );
  const { visitor, dns } = await askingRelay(context, ZONE, { policy });
  const first = await visitor(CLEAN);
  assert.deepEqual(dns.queries, []);
  await first.client.dialogue(...transaction, 'RSET', ...transaction);
  const second = await visitor(CLEAN);
  await second.client.dialogue(...transaction);
  assert.deepEqual(dns.queries, [{ name: '1.2.0.192.in-addr.arpa', type: 'PTR', over: 'udp' }]);
});

test('a reverse name counts only if forward-confirmed; a failed look-up blocks nobody unless the rule defers', async (context) => {
  const policy = rules(
    '{ id: forged, on: connect, when: { client.fcrdns: false }, then: { reject: "550 5.7.25 no name" } }',
    '{ id: careful, on: mail, when: { client.fcrdns: false }, on_unknown: defer, then: { reject: "550 5.7.25 no name" } }',
  );
  const { visitor } = await askingRelay(context, ZONE, { policy });
  assert.match((await visitor(CLEAN)).greeting, /^220 /);
  assert.match((await visitor(FORGED)).greeting, /^550 5\.7\.25 /);
  assert.match((await visitor('192.0.2.9')).greeting, /^550 5\.7\.25 /);
  for (const ip of [BROKEN, SILENT]) {
    const { client, greeting } = await visitor(ip);
    assert.match(greeting, /^220 /, ip);
    assert.match((await client.dialogue('EHLO client.test', 'MAIL FROM:<a@sender.test>'))[1] ?? '', /^451 4\./, ip);
  }
});

test('a DNS list: listed is refused, an error code or a failure is not, and defers where the rule says so', async (context) => {
  const policy = rules(
    '{ id: listed, on: connect, when: { dnsbl.one: spam }, then: { reject: "554 5.7.1 ${client.ip} is listed" } }',
    '{ id: careful, on: mail, when: { dnsbl.one: { exists: true } }, on_unknown: defer, then: reject }',
  );
  const { visitor } = await askingRelay(context, ZONE, { policy });
  assert.equal((await visitor(LISTED)).greeting, `554 5.7.1 ${LISTED} is listed`);
  for (const [ip, reply] of [
    [CLEAN, /^250 /],
    [REFUSED, /^451 4\./],
    [BROKEN, /^451 4\./],
  ] as const) {
    const { client, greeting } = await visitor(ip);
    assert.match(greeting, /^220 /, ip);
    assert.match((await client.dialogue('EHLO client.test', 'MAIL FROM:<a@sender.test>'))[1] ?? '', reply, ip);
  }
});

test('look-ups of one hook run side by side', async (context) => {
  const delay = 300;
  const slow: Zone = {
    '1.2.0.192.in-addr.arpa': { PTR: ['mx.client.test'], delay },
    '1.2.0.192.one.test': { always: 'NXDOMAIN', delay },
    '1.2.0.192.two.test': { always: 'NXDOMAIN', delay },
  };
  const policy = rules(
    '{ id: named, on: connect, when: { client.rdns: spam.test }, then: reject }',
    '{ id: one, on: connect, when: { dnsbl.one: spam }, then: reject }',
    '{ id: two, on: connect, when: { dnsbl.two: spam }, then: reject }',
  );
  // One by one they could never be as quick; a busy machine may be slow, and tries again.
  const waits: number[] = [];
  for (let attempt = 0; attempt < 20 && !(Math.min(...waits) < 2 * delay); attempt++) {
    const { visitor, dns } = await askingRelay(context, slow, { policy });
    const started = performance.now();
    assert.match((await visitor(CLEAN)).greeting, /^220 /);
    waits.push(performance.now() - started);
    assert.equal(new Set(dns.queries.map(({ name }) => name)).size, 3);
  }
  const took = Math.min(...waits);
  context.diagnostic(`three look-ups of ${delay} ms took ${Math.round(took)} ms`);
  assert.ok(took >= delay - 10 && took < 2 * delay, `${Math.round(took)} ms`);
});

test('concurrent clients share a query', async (context) => {
  const policy = rules('{ id: named, on: connect, when: { client.rdns: spam.test }, then: reject }');
  const { visitor, dns } = await askingRelay(context, { '1.2.0.192.in-addr.arpa': { PTR: ['mx.client.test'], delay: 200 } }, { policy });
  const greetings = await Promise.all([1, 2, 3, 4].map(() => visitor(CLEAN)));
  for (const { greeting } of greetings) assert.match(greeting, /^220 /);
  assert.equal(dns.queries.length, 1);
});

test('an unknown grant grants nothing: 451 4.7.1, unless another one holds', async (context) => {
  const policy = `version: 1
grants:
  - { id: named, when: { client.fcrdns: true, recipient.domain: [example.com, example.net] } }
  - { id: anyway, when: { recipient.domain: example.com } }
`;
  const { visitor } = await askingRelay(context, ZONE, { policy });
  const hear = async (ip: string): Promise<readonly string[]> => {
    const { client } = await visitor(ip);
    const recipients = ['example.com', 'example.net', 'example.org'].map((domain) => `RCPT TO:<bob@${domain}>`);
    return (await client.dialogue('EHLO client.test', 'MAIL FROM:<a@sender.test>', ...recipients))
      .slice(2)
      .map((reply) => reply.slice(0, 9));
  };
  assert.deepEqual(await hear(CLEAN), ['250 2.1.5', '250 2.1.5', '550 5.7.1']);
  assert.deepEqual(await hear(FORGED), ['250 2.1.5', '550 5.7.1', '550 5.7.1']);
  assert.deepEqual(await hear(BROKEN), ['250 2.1.5', '451 4.7.1', '550 5.7.1']);
  assert.deepEqual(await hear(SILENT), ['250 2.1.5', '451 4.7.1', '550 5.7.1']);
});

test('a tag that depends on a failed look-up rejects nobody, and defers rules with on_unknown: defer', async (context) => {
  const policy = rules(
    '{ id: ok, on: connect, when: { dnsbl.one: { exists: false } }, then: { tag: [ok] } }',
    '{ id: "no", on: rcpt, when: { not: { tag: ok } }, then: { reject: "550 5.7.1 no" } }',
    '{ id: wait, on: rcpt, on_unknown: defer, when: { recipient.local: bob, not: { tag: ok } }, then: reject }',
  );
  const { visitor } = await askingRelay(context, ZONE, { policy });
  const mail = ['EHLO client.test', 'MAIL FROM:<a@sender.test>'];
  const replies = async (ip: string): Promise<readonly string[]> => {
    const { client } = await visitor(ip);
    const said = await client.dialogue(...mail, 'RCPT TO:<ann@example.com>', 'RCPT TO:<bob@example.com>');
    return said.slice(-2).map((line) => line.slice(0, 3));
  };
  assert.deepEqual(await replies(CLEAN), ['250', '250']);
  assert.deepEqual(await replies(LISTED), ['550', '550']);
  assert.deepEqual(await replies(BROKEN), ['250', '451']);
});
