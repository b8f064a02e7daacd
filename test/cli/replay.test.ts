import assert from 'node:assert/strict';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { command } from '../kit/cli.ts';
import { until } from '../kit/until.ts';
import { MESSAGE, queueIdOf, submit } from '../relay/mail.ts';
import { type RelayFixture, relayFixture } from '../relay/site-fixture.ts';

const LOG = 'var/log/decisions.jsonl';

const config = (facts = '{}'): string => `log: { level: silent, decisions: ${LOG}, facts: ${facts} }`;

const BEFORE = `version: 1
lists: { blocked: { type: domain, values: [bad.example] } }
grants: [{ id: inbound, when: { recipient.domain: example.com } }]
rules:
  - { id: blocked, on: mail, when: { sender.domain: { in: blocked } }, then: { reject: "550 5.7.1 Blocked" } }
  - { id: nobody, on: rcpt, when: { recipient.local: nobody }, then: { reject: "550 5.1.1 No such user" } }
  - { id: often, on: rcpt, limit: { count: recipients, key: [client.ip], max: 1, per: 1h }, when: { recipient.local: seldom }, then: { defer: "450 4.7.1 Too often" } }
  - { id: spam, on: data_post, when: { header.subject: spam }, then: { reject: "554 5.7.1 Spam" } }
`;

const messages = (subject: string): string => `Subject: ${subject}\r\n${MESSAGE}`;

const say = async (fixture: RelayFixture, ...commands: readonly string[]): Promise<void> => {
  const client = await fixture.connect('mail.example.org');
  await client.dialogue(...commands);
  client.destroy();
};

const judged = async ({ site }: RelayFixture): Promise<readonly string[]> =>
  (await readFile(join(site.root, LOG), 'utf8').catch(() => '')).split('\n').filter((line) => line.includes('"event":"judged"'));

/** Five transactions: a message taken, one refused for its subject, a sender refused, recipients of three fates, a second one too many. */
const recorded = async (t: TestContext, facts?: string): Promise<RelayFixture & { readonly id: string }> => {
  const fixture = await relayFixture(t, { policy: BEFORE, config: config(facts) });
  const client = await fixture.connect('mail.example.org');
  const id = queueIdOf(await submit(client, { from: 'x@example.org', to: ['bob@example.com'], message: messages('hello') }));
  await submit(client, { from: 'x@example.org', to: ['bob@example.com'], message: messages('spam') });
  await say(fixture, 'MAIL FROM:<x@bad.example>');
  await say(fixture, 'MAIL FROM:<>', 'RCPT TO:<nobody@example.com>', 'RCPT TO:<seldom@example.com>', 'RCPT TO:<bob@example.net>', 'RSET');
  await say(fixture, 'MAIL FROM:<x@example.org>', 'RCPT TO:<seldom@example.com>', 'RSET');
  await until(async () => (await judged(fixture)).length >= 5, 'five lines of what was judged');
  return { ...fixture, id };
};

const replay = ({ site }: RelayFixture, ...words: readonly string[]) => command('replay', '-c', site.config, ...words);

test('under the same policy, recorded mail is judged the same', async (t) => {
  const fixture = await recorded(t);
  const { code, out, err } = await replay(fixture);
  assert.deepEqual([code, err], [0, '']);
  assert.match(out, /^5 transactions of .*\n.*\n {6}5 {2}with the same result\n {6}0 {2}with another result\n$/);
});

test('a changed policy: what would differ, by rule, with examples', async (t) => {
  const fixture = await recorded(t);
  const after = BEFORE.replace('bad.example', 'worse.example').replace('550 5.1.1', '551 5.1.6').replace('subject: spam', 'subject: hello');
  await fixture.site.write({ 'rules/10-policy.yaml': after });
  const { code, out } = await replay(fixture);
  assert.equal(code, 1);
  for (const line of [
    '4  with another result',
    'message: accepted -> 554 5.7.1 by 10-policy/spam',
    'message: 554 5.7.1 by 10-policy/spam -> accepted',
    'session: 550 5.7.1 by 10-policy/blocked -> accepted',
    'recipient: 550 5.1.1 by 10-policy/nobody -> 551 5.1.6 by 10-policy/nobody',
    'from <> to <nobody@example.com>, client 127.0.0.1',
  ])
    assert.ok(out.includes(line), `${line}\n${out}`);
});

test('what was not recorded leaves a transaction undecided', async (t) => {
  const fixture = await recorded(t, '{ omit: [header.subject, sender.address] }');
  assert.doesNotMatch((await judged(fixture)).join('\n'), /hello|Subject|x@example\.org/);
  await fixture.site.write({
    'rules/10-policy.yaml': BEFORE.replace(
      'limit: { count: recipients, key: [client.ip]',
      'limit: { count: recipients, key: [sender.domain]',
    ),
  });
  const { out } = await replay(fixture, '--json');
  const { same, different, undecided, missing } = JSON.parse(out);
  assert.deepEqual([same, different, undecided], [0, 0, 5]);
  const reasons = ['sender.domain', 'header.subject'].map((fact) => `${fact} is unknown: not in the decision log`);
  assert.deepEqual(Object.keys(missing), reasons);
});

test('without the header, rules on it are undecided', async (t) => {
  const fixture = await recorded(t, '{ header: false }');
  const { out } = await replay(fixture, '--json');
  const { same, undecided } = JSON.parse(out);
  assert.deepEqual([same, undecided], [3, 2]);
});

test('a look-up that a new rule wants was not made', async (t) => {
  const fixture = await recorded(t);
  await fixture.site.write({
    'rules/20-rdns.yaml':
      'version: 1\nrules: [{ id: rdns, on: mail, when: { client.fcrdns: false }, then: { reject: "550 5.7.25 No" } }]\n',
  });
  const { out } = await replay(fixture);
  assert.match(out, /4 {2}undecided: a rule needs what was not recorded/);
  assert.match(out, /4 {2}client\.fcrdns is unknown: not in the decision log/);
});

test('a line cut short is counted, a log without facts is an error', async (t) => {
  const fixture = await recorded(t);
  const [line = ''] = await judged(fixture);
  await appendFile(join(fixture.site.root, LOG), `${line.slice(0, -40)}\n{"event":"judged","facts":{}}\n`);
  assert.match((await replay(fixture)).out, / {6}2 {2}lines could not be read/);
  await fixture.site.write({ 'other.jsonl': '{"event":"decision"}\n' });
  const { code, err } = await replay(fixture, join(fixture.site.root, 'other.jsonl'));
  assert.deepEqual([code, err.includes('nothing to replay')], [2, true]);
  assert.equal((await replay(fixture, '/nowhere.jsonl')).code, 2);
});

test('explain --from-log tells of a recorded message under the policy of now', async (t) => {
  const fixture = await recorded(t);
  const before = await command('explain', '-c', fixture.site.config, '--from-log', fixture.id);
  assert.equal(before.code, 0, before.err);
  assert.match(before.out, /250 2\.0\.0/);
  await fixture.site.write({ 'rules/10-policy.yaml': BEFORE.replace('subject: spam', 'subject: hello') });
  const after = await command('explain', '-c', fixture.site.config, '--from-log', fixture.id);
  assert.match(after.out, /554 5\.7\.1 Spam/);
  assert.equal((await command('explain', '-c', fixture.site.config, '--from-log', 'nothing')).code, 2);
});
