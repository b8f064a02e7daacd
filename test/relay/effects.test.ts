import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DecisionEntry } from '../../src/transaction/decision-entry.ts';
import { dkimOf } from '../kit/dkim-result.ts';
import { DnsServer } from '../kit/dns-server.ts';
import { found } from '../kit/until.ts';
import { signingKey } from '../lookup/signed.ts';
import { fieldsOf, recipientsOf } from './arrivals.ts';
import { envelope, MESSAGE, submit } from './mail.ts';
import { OPEN, type RelayFixture, relayFixture } from './site-fixture.ts';

const rules = (...lines: readonly string[]): string => `${OPEN}rules:\n${lines.map((rule) => `  - ${rule}\n`).join('')}`;

test('send: auto-generated, null sender, bypasses rules, never triggers itself', async (context) => {
  const policy = rules(
    '{ id: tell, on: data_post, then: { send: { to: [guard@example.com], from: relay@example.com, subject: "from ${sender.address}", text: "Subject was ${header.subject}" } } }',
    '{ id: again, on: delivered, then: { send: { to: loop@example.com, from: relay@example.com, subject: loop, text: loop } } }',
    '{ id: bounced, on: bounce, then: { send: { to: loop@example.com, from: relay@example.com, subject: bounced, text: loop } } }',
  );
  const script = (step: string, text: string) => (step === 'rcpt' && text.includes('guard') ? '550 5.1.1 no guard' : undefined);
  const { connect, hop, relay }: RelayFixture = await relayFixture(context, { policy, hop: { script } });
  assert.match(await submit(await connect(), { message: MESSAGE.replace('lunch', 'a\u00a0\u202eb\u0001c') }), /^250 /);
  await hop.arrived(2);
  await found(async () => ((await relay.status()).queue.queued === 0 ? true : null), 'an empty queue');
  const sent = hop.received.filter(({ rcpt }) => rcpt.join().includes('loop'));
  assert.deepEqual(
    sent.map(({ content }) => fieldsOf(content, 'Subject').join()),
    ['loop'],
  );
  assert.match(sent[0]?.mail ?? '', /^MAIL FROM:<>/);
  assert.deepEqual(sent[0] && recipientsOf(sent[0]), ['loop@example.com']);
  assert.deepEqual(sent[0] && fieldsOf(sent[0].content, 'Auto-Submitted'), ['auto-generated']);
  assert.equal(hop.received.length, 2);
});

test('skip: later rules of the group no longer run', async (context) => {
  const policy = rules(
    '{ id: strict, on: mail, group: checks, when: { sender.local: spammer }, then: reject }',
    '{ id: friend, on: mail, when: { helo.name: client.example.org }, then: { skip: [checks] } }',
    '{ id: strict-rcpt, on: rcpt, group: checks, then: reject }',
    '{ id: not-skipped, on: data_post, when: { header.subject: bad }, then: { reject: "550 5.7.1 bad" } }',
  );
  const { connect } = await relayFixture(context, { policy });
  const client = await connect();
  assert.match((await envelope(client, { from: 'spammer@example.org' }))[0] ?? '', /^550 /);
  assert.match(await submit(client), /^250 /);
  assert.match(await submit(client, { message: MESSAGE.replace('lunch', 'bad') }), /^550 5\.7\.1 bad/);
  const stranger = await connect('other.example.org');
  assert.match((await envelope(stranger, {}))[1] ?? '', /^550 /);
});

test('tarpit delays only its own session', async (context) => {
  const policy = rules('{ id: slow, on: rcpt, when: { recipient.local: slow }, then: { tarpit: 2s } }');
  const { connect } = await relayFixture(context, { policy });
  const [held, free] = [await connect(), await connect()];
  const started = performance.now();
  const slow = envelope(held, { to: ['slow@example.com'] }).then(() => performance.now() - started);
  await envelope(free, { to: ['bob@example.com'] });
  const quick = performance.now() - started;
  const took = await slow;
  assert.ok(took >= 1_990 && quick < took, `held ${took} ms, free ${quick} ms`);
});

test('shadow mode has no effect, but is counted and logged', async (context) => {
  const shadow = 'mode: shadow, expires: 2999-12-31';
  const policy = rules(
    `{ id: trial, on: rcpt, ${shadow}, then: reject }`,
    `{ id: edit, on: data_post, ${shadow}, then: { add_header: { name: X-Trial, value: "1" } } }`,
    `{ id: seen, on: data_post, when: { result.trial: { exists: true } }, then: reject }`,
    `{ id: set, on: mail, ${shadow}, then: { set: { trial: 1 } } }`,
  );
  const entries: DecisionEntry[] = [];
  const { connect, hop } = await relayFixture(context, { policy, start: { onDecision: (entry) => void entries.push(entry) } });
  assert.match(await submit(await connect()), /^250 /);
  const [arrived] = await hop.arrived(1);
  assert.deepEqual(arrived && fieldsOf(arrived.content, 'X-Trial'), []);
  assert.deepEqual(entries.flatMap(({ shadowed = [] }) => shadowed).sort(), ['10-policy/edit', '10-policy/set', '10-policy/trial']);
});

test('sign_dkim signs what goes out, edits included', async (context) => {
  const key = signingKey();
  const policy = rules(
    '{ id: sign, on: queue, then: { sign_dkim: { domain: example.org, selector: s1, key: config/dkim.pem } } }',
    '{ id: edit, on: queue, then: { replace_header: { name: Subject, value: "[EXT] ${header.subject}" } } }',
  );
  const { connect, hop } = await relayFixture(context, { policy, files: { 'config/dkim.pem': key.privateKey } });
  assert.match(await submit(await connect()), /^250 /);
  const [arrived] = await hop.arrived(1);
  assert.ok(arrived);
  assert.deepEqual(fieldsOf(arrived.content, 'Subject'), ['[EXT] lunch']);
  const server = await DnsServer.start({ 's1._domainkey.example.org': { TXT: [key.record] } });
  context.after(() => server.close());
  assert.deepEqual(await dkimOf(server, arrived.content), { result: 'pass', domains: ['example.org'] });
});
