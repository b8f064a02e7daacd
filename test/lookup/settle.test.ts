import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { createFinder } from '../../src/lookup/finder.ts';
import { SessionFacts } from '../../src/policy/decide/session.ts';
import { settle } from '../../src/policy/decide/settle.ts';
import type { Hook } from '../../src/policy/hook.ts';
import { Unknown } from '../../src/policy/value.ts';
import { DnsServer } from '../kit/dns-server.ts';
import { lookupsWith } from '../kit/lookups.ts';
import { compiled } from '../policy/compiled.ts';

const POLICY = compiled(`
version: 1
rules:
  - id: listed
    on: connect
    when: { dnsbl.zen: { exists: true } }
    then: { reject: "550 5.7.1 listed" }
  - id: nameless
    on: connect
    when: { client.rdns: { exists: false } }
    then: { reject: "550 5.7.25 no name" }
  - id: unresolvable
    on: mail
    when: { sender.domain: { ne: trusted.example }, sender.resolvable: false }
    then: { reject: "550 5.1.8 no such domain" }
    on_unknown: defer
routes: [{ id: all, to: mx }]
`);
const DELAY = 300;

let server: DnsServer;
before(async () => {
  server = await DnsServer.start({});
});
beforeEach(() => {
  server.queries.length = 0;
});
after(() => server.close());

const session = () => {
  const lookups = lookupsWith({
    dns: { servers: [server.address], timeout: 1000 },
    dnsbl: { zen: { zone: 'zen.example.org', codes: {} } },
  });
  const content = { text: async () => null, html: async () => null, attachments: async () => [] };
  const facts = new SessionFacts();
  facts.set('connection', 'client.ip', '192.0.2.1');
  const finder = createFinder({
    services: () => lookups.forTransaction({ message: () => null, content }),
    counters: { limit: () => false, greylist: () => false },
  });
  const evaluate = async (hook: Hook, deadline = 5000) =>
    settle(POLICY, hook, facts, finder, { signal: () => AbortSignal.timeout(deadline) });
  return { facts, evaluate };
};

test('look-ups of one hook run side by side', async () => {
  server.zone = {
    '1.2.0.192.zen.example.org': { delay: DELAY },
    '1.2.0.192.in-addr.arpa': { PTR: ['mx.example.com'], delay: DELAY },
  };
  // One by one they could never be as quick; a busy machine may be slow, and tries again.
  const waits: number[] = [];
  for (let attempt = 0; attempt < 20 && !(Math.min(...waits) < 2 * DELAY); attempt++) {
    const asked = server.queries.length;
    const started = performance.now();
    assert.equal((await session().evaluate('connect')).verdict, 'none');
    waits.push(performance.now() - started);
    // A question whose answer is slow to be read is asked twice.
    assert.equal(new Set(server.queries.slice(asked).map(({ name }) => name)).size, 2);
  }
  const took = Math.min(...waits);
  assert.ok(took >= DELAY - 10 && took < 2 * DELAY, `${took} ms for two look-ups of ${DELAY} ms`);
});

test('a hook makes only the queries it needs, and never repeats one', async () => {
  server.zone = { '1.2.0.192.in-addr.arpa': { PTR: ['mx.example.com'] }, 'sender.example': { A: ['192.0.2.1'] } };
  const { evaluate, facts } = session();
  await evaluate('connect_init');
  await evaluate('helo');
  assert.deepEqual(server.queries, []);
  await evaluate('connect');
  await evaluate('connect');
  assert.deepEqual(server.queries.map(({ name }) => name).sort(), ['1.2.0.192.in-addr.arpa', '1.2.0.192.zen.example.org']);
  facts.beginTransaction();
  facts.set('transaction', 'sender.address', 'a@trusted.example');
  await evaluate('mail');
  assert.equal(server.count('trusted.example'), 0);
});

test('a listing rejects; a list that fails or is too slow is unknown and lets the next rule decide', async () => {
  const named = { '1.2.0.192.in-addr.arpa': { PTR: ['mx.example.com'] } };
  server.zone = { ...named, '1.2.0.192.zen.example.org': { A: ['127.0.0.2'] } };
  assert.equal((await session().evaluate('connect')).verdict, 'reject');
  server.zone = { ...named, '1.2.0.192.zen.example.org': { always: 'SERVFAIL' } };
  const failing = session();
  assert.equal((await failing.evaluate('connect')).verdict, 'none');
  const found = failing.facts.get('dnsbl.zen');
  assert.ok(found instanceof Unknown);
  assert.match(found.reason, /server failure: A 1\.2\.0\.192\.zen\.example\.org/);
  server.zone = { ...named, '1.2.0.192.zen.example.org': { A: ['127.0.0.2'], delay: 900 } };
  assert.equal((await session().evaluate('connect', 300)).verdict, 'none');
});

test('a sender whose domain could not be looked up is deferred, never rejected', async () => {
  for (const always of ['SERVFAIL', 'REFUSED', 'TIMEOUT'] as const) {
    server.zone = { 'sender.example': { always } };
    const { facts, evaluate } = session();
    facts.beginTransaction();
    facts.set('transaction', 'sender.address', 'a@sender.example');
    const decision = await evaluate('mail');
    assert.deepEqual([decision.verdict, 'code' in decision && decision.code], ['defer', 451]);
  }
  server.zone = { 'null.example': { MX: [[0, '.']] } };
  const { facts, evaluate } = session();
  facts.beginTransaction();
  facts.set('transaction', 'sender.address', 'a@null.example');
  assert.equal((await evaluate('mail')).verdict, 'reject');
});
