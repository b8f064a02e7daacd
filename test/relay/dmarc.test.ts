import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Zone } from '../kit/dns-server.ts';
import { signed, signingKey } from '../lookup/signed.ts';
import { fieldsOf } from './arrivals.ts';
import { type AskingRelay, askingRelay } from './asked.ts';
import { submit } from './mail.ts';
import { OPEN } from './site-fixture.ts';

const key = signingKey();
const AUTHOR = '192.0.2.1';
const FORWARDER = '192.0.2.7';

const ZONE: Zone = {
  'author.test': { TXT: ['v=spf1 ip4:192.0.2.1 -all'] },
  '_dmarc.author.test': { TXT: ['v=DMARC1; p=reject'] },
  's1._domainkey.author.test': { TXT: [key.record] },
  'list.test': { TXT: ['v=spf1 ip4:192.0.2.99 -all'] },
};

const POLICY = `${OPEN}rules:
  - { id: spf, on: mail, when: { spf.result: fail }, then: { tag: [spf-fail] } }
  - { id: dkim, on: data_post, when: { dkim.domains: author.test }, then: { tag: [signed] } }
  - id: dmarc
    on: data_post
    when: { dmarc.result: fail, dmarc.policy: reject }
    then: { reject: "550 5.7.26 The domain in From does not vouch for this message" }
    on_unknown: defer
`;

const MESSAGE = [
  'Authentication-Results: relay.example.com; dmarc=pass header.from=author.test',
  'Authentication-Results: (comment) "relay.example.com" 1; spf=pass',
  'Authentication-Results: other.test; spf=fail',
  'From: Ann <ann@author.test>',
  'To: bob@example.com',
  'Subject: forwarded',
  'Date: Mon, 2 Mar 2026 10:00:00 +0000',
  '',
  'Hello',
  '',
].join('\r\n');

const send = async ({ visitor }: AskingRelay, ip: string, from: string, message: string): Promise<string> => {
  const { client } = await visitor(ip);
  await client.ask('EHLO client.test');
  return submit(client, { from, message });
};

test('forwarded mail passes DMARC by its signature, though SPF fails; unsigned it is refused; from its author it passes by SPF', async (context) => {
  const fixture = await askingRelay(context, ZONE, { policy: POLICY });
  const whole = signed(MESSAGE, { domain: 'author.test', key });
  assert.match(await send(fixture, FORWARDER, 'list@list.test', whole), /^250 2\.0\.0 /);
  assert.match(await send(fixture, FORWARDER, 'list@list.test', MESSAGE), /^550 5\.7\.26 /);
  assert.match(await send(fixture, FORWARDER, 'list@list.test', whole.replace('Hello', 'Hallo')), /^550 5\.7\.26 /);
  assert.match(await send(fixture, AUTHOR, 'ann@author.test', MESSAGE), /^250 2\.0\.0 /);
  const [forwarded, direct] = await fixture.hop.arrived(2);
  assert.ok(forwarded && direct);
  const [ours, ...others] = fieldsOf(forwarded.content, 'Authentication-Results');
  assert.match(
    ours ?? '',
    /^relay\.example\.com; spf=fail smtp\.mailfrom=list@list\.test; dkim=pass header\.d=author\.test; dmarc=pass header\.from=author\.test$/,
  );
  assert.deepEqual(others, ['other.test; spf=fail']);
  const [written, ...rest] = fieldsOf(direct.content, 'Authentication-Results');
  assert.match(written ?? '', /^relay\.example\.com; spf=pass .*dmarc=pass header\.from=author\.test$/);
  assert.deepEqual(rest, ['other.test; spf=fail']);
});

test('a failed key or policy look-up is 451, never a permanent rejection', async (context) => {
  const whole = signed(MESSAGE, { domain: 'author.test', key });
  for (const name of ['s1._domainkey.author.test', '_dmarc.author.test']) {
    const fixture = await askingRelay(context, { ...ZONE, [name]: { always: 'SERVFAIL' } }, { policy: POLICY });
    assert.match(await send(fixture, FORWARDER, 'list@list.test', whole), /^451 4\./, name);
  }
});

test('forged results under our name are removed even without look-ups', async (context) => {
  const fixture = await askingRelay(context, ZONE);
  assert.match(await send(fixture, AUTHOR, 'ann@author.test', MESSAGE), /^250 2\.0\.0 /);
  const [received] = await fixture.hop.arrived(1);
  assert.ok(received);
  assert.deepEqual(fieldsOf(received.content, 'Authentication-Results'), ['other.test; spf=fail']);
  assert.deepEqual(fixture.dns.queries, []);
});
