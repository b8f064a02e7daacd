import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Received, Script } from '../kit/next-hop.ts';
import { found } from '../kit/until.ts';
import { fieldsOf, recipientsOf } from './arrivals.ts';
import { MESSAGE, submit } from './mail.ts';
import { type RelayFixture, relayFixture } from './site-fixture.ts';

/** Lets everybody in: the next hop decides. */
const EVERYBODY = `version: 1
grants: [{ id: client, when: { client.ip: 127.0.0.1 } }]
`;
const config = 'delivery: { retry: [200ms] }';

/** `gone` does not exist, `later` comes back once, everybody else is welcome. */
const choosy = (): Script => {
  const deferred = new Set<string>();
  return (step, text) => {
    if (step !== 'rcpt') return undefined;
    if (text.includes('gone')) return '550 5.1.1 no such user';
    if (!text.includes('later') || deferred.has(text)) return undefined;
    deferred.add(text);
    return '451 4.7.1 greylisted';
  };
};

const emptied = ({ relay }: RelayFixture): Promise<true> =>
  found(async () => ((await relay.status()).queue.queued === 0 ? true : null), 'an empty queue');

/** The message, and the delivery notices beside it. */
const sorted = (received: readonly Received[]) => ({
  mail: received.filter(({ mail }) => !mail.startsWith('MAIL FROM:<>')),
  notices: received.filter(({ mail }) => mail.startsWith('MAIL FROM:<>')),
});

test('a permanently refused recipient produces a DSN, routed by the sender', async (context) => {
  const fixture = await relayFixture(context, { policy: EVERYBODY, config, hop: { script: choosy() } });
  assert.match(await submit(await fixture.connect(), { from: 'ann@example.org', to: ['gone@example.com'] }), /^250 /);
  const [notice] = await fixture.hop.arrived(1);
  assert.ok(notice);
  assert.match(notice.mail, /^MAIL FROM:<>/);
  assert.deepEqual(recipientsOf(notice), ['ann@example.org']);
  assert.match(fieldsOf(notice.content, 'Content-Type').join(), /^multipart\/report; report-type=delivery-status/);
  assert.deepEqual(fieldsOf(notice.content, 'Auto-Submitted'), ['auto-replied']);
  const text = notice.content.toString();
  assert.match(text, /\r\nReporting-MTA: dns; ?relay\.example\.com\r\n/);
  assert.match(text, /\r\nFinal-Recipient: rfc822; ?gone@example\.com\r\nAction: failed\r\nStatus: 5\.1\.1\r\n/);
  assert.match(text, /\r\nDiagnostic-Code: smtp; ?550 5\.1\.1 no such user\r\n/);
  assert.match(text, /\r\nSubject: lunch\r\n/);
  await emptied(fixture);
});

test('an undeliverable DSN produces no further DSN', async (context) => {
  const fixture = await relayFixture(context, { policy: EVERYBODY, config, hop: { script: choosy() } });
  assert.match(await submit(await fixture.connect(), { from: '', to: ['gone@example.com'] }), /^250 /);
  await emptied(fixture);
  assert.deepEqual(fixture.hop.received, []);
});

test('a deferred recipient is retried, and delivered ones are not', async (context) => {
  const fixture = await relayFixture(context, { policy: EVERYBODY, config, hop: { script: choosy() } });
  const to = ['ok@example.com', 'later@example.com', 'gone@example.com', 'later2@example.com'];
  assert.match(await submit(await fixture.connect(), { to }), /^250 /);
  await emptied(fixture);
  const { mail, notices } = sorted(fixture.hop.received);
  assert.deepEqual(
    mail.map((received) => [...recipientsOf(received)].sort()),
    [['ok@example.com'], ['later2@example.com', 'later@example.com']],
  );
  assert.ok(mail.every(({ content }) => content.toString().endsWith(MESSAGE)));
  const [notice, ...more] = notices;
  assert.deepEqual(more, []);
  assert.deepEqual(notice?.content.toString().match(/^Final-Recipient: .*$/gm), ['Final-Recipient: rfc822; gone@example.com']);
});

test('mail bounces when its lifetime ends, and not on a 4xx before', async (context) => {
  const never: Script = (step, text) => (step === 'rcpt' && text.includes('example.com') ? '450 4.2.2 mailbox full' : undefined);
  const fixture = await relayFixture(context, {
    policy: EVERYBODY,
    config: 'delivery: { retry: [100ms], lifetime: 1s }',
    hop: { script: never },
  });
  const sent = Date.now();
  assert.match(await submit(await fixture.connect()), /^250 /);
  const [notice] = await fixture.hop.arrived(1);
  assert.ok(Date.now() - sent >= 1000);
  assert.match(notice?.content.toString() ?? '', /\r\nAction: failed\r\nStatus: [45]\.\d\.\d\r\n/);
  const attempts = fixture.hop.sessions.flatMap(({ commands }) => commands).filter((command) => command.includes('bob@example.com'));
  assert.ok(attempts.length >= 3, `${attempts.length} attempts`);
});

test('delivery hooks: hold at get_mx, dsn: never, and results of the transaction', async (context) => {
  const policy = `${EVERYBODY}rules:
  - { id: mark, on: mail, then: { set: { sort: newsletter } } }
  - { id: wait, on: get_mx, when: { age: { lt: 400ms }, recipient.local: held, result.sort: newsletter }, then: { hold: 250ms } }
  - { id: silent, on: bounce, when: { result.sort: newsletter, reply.code: 550, recipient.local: gone }, then: { dsn: never } }
  - id: tell
    on: delivered
    when: { sender.address: ann@example.org, destination: { exists: true } }
    then: { send: { to: log@example.net, from: relay@example.com, subject: "delivered to \${recipient.address}", text: "\${reply.code}" } }
`;
  const fixture = await relayFixture(context, { policy, config, hop: { script: choosy() } });
  const sent = Date.now();
  assert.match(await submit(await fixture.connect(), { to: ['held@example.com', 'gone@example.com'] }), /^250 /);
  const [held, told] = await fixture.hop.arrived(2);
  assert.ok(Date.now() - sent >= 400);
  assert.ok(held && told);
  assert.deepEqual(recipientsOf(held), ['held@example.com']);
  assert.deepEqual(recipientsOf(told), ['log@example.net']);
  assert.deepEqual(fieldsOf(told.content, 'Subject'), ['delivered to held@example.com']);
  await emptied(fixture);
  assert.equal(fixture.hop.received.length, 2);
});
