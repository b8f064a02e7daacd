import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { FactValue } from '../../src/policy/value.ts';
import { explain } from '../../src/site/explain/explain.ts';
import type { Explanation } from '../../src/site/explain/explanation.ts';
import { loaded } from '../kit/site.ts';
import { envelope, MESSAGE, submit } from './mail.ts';
import { type RelayFixture, relayFixture } from './site-fixture.ts';

/*
 * What `explain` once said otherwise than `serve`: each row was seen to differ before the two ran the same
 * session. The property in `agreement.test.ts` holds for all of them; these say what it was about.
 */

const HEAD = `version: 1
grants: [{ id: inbound, when: { recipient.domain: [example.com, relay.example.com] } }]
rules:
  - { id: seen, on: mail, then: { tag: [seen] } }
`;

const withRules = (context: TestContext, ...rules: readonly string[]): Promise<RelayFixture> =>
  relayFixture(context, { policy: `${HEAD}${rules.map((rule) => `  - ${rule}\n`).join('')}` });

interface Told {
  readonly helo?: string;
  readonly from?: string;
  readonly to?: readonly string[];
  readonly message?: string;
  readonly given?: Readonly<Record<string, FactValue>>;
}

const explained = ({ site }: RelayFixture, told: Told = {}): Promise<Explanation> => {
  const given = new Map<string, FactValue>([
    ['client.ip', '127.0.0.1'],
    ['helo.name', told.helo ?? 'client.example.org'],
    ['sender.address', told.from ?? 'ann@example.org'],
    ['listener', 'mx'],
    ...Object.entries(told.given ?? {}),
  ]);
  const script = { given, recipients: told.to ?? ['bob@example.com'], message: Buffer.from(told.message ?? MESSAGE), now: Date.now() };
  return explain(loaded(site), script, false);
};

const outcomeOf = async (fixture: RelayFixture, told?: Told): Promise<string> => {
  const { outcome } = await explained(fixture, told);
  return `${outcome.code} ${outcome.enhanced}`;
};

const both = async (fixture: RelayFixture, told: Told, expected: RegExp): Promise<void> => {
  const client = await fixture.connect(told.helo);
  assert.match(await submit(client, told), expected, 'serve');
  assert.match(await outcomeOf(fixture, told), expected, 'explain');
};

test('forged Authentication-Results are removed before rules run', async (context) => {
  const fixture = await withRules(
    context,
    '{ id: forged, on: data_post, when: { header.Authentication-Results: { exists: true } }, then: { reject: "550 5.7.1 forged" } }',
  );
  await both(fixture, { message: `Authentication-Results: relay.example.com; spf=pass\r\n${MESSAGE}` }, /^250 2\.0\.0/);
  await both(fixture, { message: `Authentication-Results: other.example; spf=pass\r\n${MESSAGE}` }, /^550 5\.7\.1/);
});

test('a rewrite to an invalid sender is 451', async (context) => {
  const fixture = await withRules(context, '{ id: ours, on: mail, then: { rewrite_sender: "bounce@${helo.name}" } }');
  await both(fixture, { helo: 'a_b' }, /^451 4\.3\.0/);
  await both(fixture, { helo: 'a.example' }, /^250 2\.0\.0/);
});

test('header facts are case-insensitive everywhere', async (context) => {
  const fixture = await withRules(
    context,
    '{ id: shout, on: data_post, when: { header.Subject: [lunch] }, then: { reject: "550 5.7.1 ${header.SUBJECT}" } }',
    '{ id: same, on: data_post, when: { header.X-One: { same_as: header.X-TWO } }, then: { reject: "550 5.7.2 same" } }',
  );
  await both(fixture, {}, /^550 5\.7\.1/);
  const dinner = MESSAGE.replace('lunch', 'dinner');
  await both(fixture, { message: `x-one: a\r\nx-two: a\r\n${dinner}` }, /^550 5\.7\.2/);
  assert.equal(await outcomeOf(fixture, { message: dinner, given: { 'header.subject': ['lunch'] } }), '550 5.7.1');
});

test('recipients are read as RCPT reads them', async (context) => {
  const fixture = await withRules(context);
  for (const [written, expected] of [
    ['postmaster', /^250/],
    ['"bob"@example.com', /^250/],
    ['@hop.example:bob@example.com', /^250/],
    ['nobody', /^501 5\.1\.3/],
    ['bob@-example.com', /^501 5\.1\.3/],
  ] as const) {
    assert.match((await envelope(await fixture.connect(), { to: [written] }))[1] ?? '', expected, written);
    const [fate] = (await explained(fixture, { to: [written] })).recipients;
    assert.match(`${fate?.code} ${fate?.enhanced}`, expected, written);
  }
  assert.deepEqual((await explained(fixture, { to: ['"bob"@example.com'] })).envelope?.recipients, ['bob@example.com']);
});

test('a rewritten recipient without a grant is refused where it was rewritten', async (context) => {
  const fixture = await withRules(context, '{ id: away, on: data_post, then: { rewrite_recipient: bob@else.example } }');
  await both(fixture, {}, /^550 5\.7\.1/);
  const { outcome, hooks } = await explained(fixture);
  assert.deepEqual([outcome.at, outcome.by], ['data_post', 'grants']);
  assert.deepEqual(
    hooks.find(({ hook }) => hook === 'data_post')?.regrants?.map(({ address, grant }) => [address, grant]),
    [['bob@else.example', null]],
  );
});

test('each recipient gets its own outcome', async (context) => {
  const fixture = await withRules(context);
  const to = ['bob@example.com', 'joe@else.example'];
  assert.match(await submit(await fixture.connect(), { to }), /^250 2\.0\.0/);
  const { outcome, recipients } = await explained(fixture, { to });
  assert.equal(outcome.code, 250);
  assert.deepEqual(
    recipients.map(({ recipient, code, by }) => [recipient, code, by]),
    [
      ['bob@example.com', 250, '10-policy/inbound'],
      ['joe@else.example', 550, 'grants'],
    ],
  );
});

test('assumptions are listed', async (context) => {
  const fixture = await withRules(
    context,
    '{ id: grey, on: rcpt, then: { greylist: { delay: 5m } } }',
    '{ id: often, on: mail, limit: { key: [client.net], count: messages, max: 1, per: 1h }, then: { defer: "451 4.7.1 often" } }',
    '{ id: named, on: mail, when: { spf.result: fail }, then: reject }',
  );
  const { assumed } = await explained(fixture);
  assert.deepEqual([...assumed].sort(), [
    'greylist.10-policy/grey has waited long enough',
    'limit.10-policy/often is not used up: nothing has been counted',
    'spf.result is unknown: not given, and not looked up',
  ]);
  const told = { 'greylist.grey': true, 'limit.often': false, 'spf.result': 'pass' };
  const given = await explained(fixture, { given: told });
  assert.deepEqual([given.assumed, given.outcome.code], [[], 451]);
});

test('limits of the relay itself', async (context) => {
  const fixture = await relayFixture(context, { config: 'limits: { shutdown: 2s, recipients: 2, received: 1, message_size: 2KiB }' });
  const to = ['a@example.com', 'b@example.com', 'c@example.com'];
  assert.match((await envelope(await fixture.connect(), { to }))[3] ?? '', /^452 4\.5\.3/);
  assert.deepEqual(
    (await explained(fixture, { to })).recipients.map(({ code }) => code),
    [250, 250, 452],
  );
  const hops = 'Received: from a by b; Mon, 5 Jan 2026 12:00:00 +0000\r\n'.repeat(2);
  await both(fixture, { message: `${hops}${MESSAGE}` }, /^554 5\.4\.6/);
  await both(fixture, { message: `${MESSAGE}${'x'.repeat(3000)}\r\n` }, /^552 5\.3\.4/);
});
