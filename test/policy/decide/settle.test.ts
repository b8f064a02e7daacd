import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SessionFacts } from '../../../src/policy/decide/session.ts';
import { type Finder, settle } from '../../../src/policy/decide/settle.ts';
import type { Need } from '../../../src/policy/decision.ts';
import type { FactValue } from '../../../src/policy/value.ts';
import { compiled } from '../compiled.ts';

/** Answers from a table, notes what was asked and how much was asked at once. */
class Answers implements Finder {
  readonly asked: string[] = [];
  most = 0;
  #open = 0;
  readonly #table: Readonly<Record<string, FactValue | Error>>;
  constructor(table: Readonly<Record<string, FactValue | Error>>) {
    this.#table = table;
  }
  async find(need: Need): Promise<FactValue> {
    this.asked.push(need.name);
    this.most = Math.max(this.most, ++this.#open);
    await new Promise((resolve) => setTimeout(resolve, 5));
    this.#open--;
    const answer = this.#table[need.name];
    if (answer instanceof Error) throw answer;
    return answer ?? null;
  }
}

const never = { signal: () => new AbortController().signal };

const abortedAfter = (milliseconds: number): AbortSignal => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), milliseconds);
  return controller.signal;
};

const session = (): SessionFacts => {
  const facts = new SessionFacts();
  facts.set('connection', 'client.ip', '192.0.2.1');
  facts.beginTransaction();
  facts.set('transaction', 'sender.address', 'a@b.example');
  return facts;
};

const TWO_LOOKUPS = `
version: 1
rules:
  - { id: listed, on: mail, when: { dnsbl.zen: { exists: true } }, then: { reject: "550 5.7.1 listed" } }
  - { id: spf, on: mail, when: { spf.result: fail }, then: { reject: "550 5.7.23 spf" } }
`;

test('a hook without look-ups settles synchronously', () => {
  const policy = compiled('{ version: 1, rules: [{ id: a, on: mail, when: { client.ip: 192.0.2.1 }, then: { tag: [x] } }] }');
  const decision = settle(policy, 'mail', session(), new Answers({}), never);
  assert.equal(decision instanceof Promise, false);
});

test('look-ups of one hook run side by side, once, and stay with the session', async () => {
  const answers = new Answers({ 'dnsbl.zen': null, 'spf.result': 'fail' });
  const facts = session();
  const first = await settle(compiled(TWO_LOOKUPS), 'mail', facts, answers, never);
  assert.equal(first.verdict === 'reject' && first.by, 'p/spf');
  assert.equal(answers.most, 2);
  await settle(compiled(TWO_LOOKUPS), 'mail', facts, answers, never);
  assert.deepEqual(answers.asked.sort(), ['dnsbl.zen', 'spf.result']);
});

test('a look-up that cheap facts make unnecessary is not made', async () => {
  const answers = new Answers({});
  const policy = compiled(`
version: 1
rules:
  - { id: a, on: mail, when: { spf.result: fail, client.ip: 198.51.100.0/24 }, then: reject }
  - { id: b, on: mail, when: { any: [{ spf.result: fail }, { client.ip: 192.0.2.0/24 }] }, then: { tag: [x] } }
  - { id: c, on: mail, then: { reject: "550 5.7.1 no" } }
  - { id: d, on: mail, when: { dnsbl.zen: { exists: true } }, then: reject }
`);
  const decision = await settle(policy, 'mail', session(), answers, never);
  assert.equal(decision.verdict, 'reject');
  assert.deepEqual(answers.asked, []);
});

test('a failed look-up is unknown: the rule is skipped, or defers if configured', async () => {
  const broken = new Answers({ 'spf.result': new Error('SERVFAIL'), 'dnsbl.zen': new Error('time-out') });
  assert.equal((await settle(compiled(TWO_LOOKUPS), 'mail', session(), broken, never)).verdict, 'none');
  const strict = compiled(TWO_LOOKUPS.replace('then: { reject: "550 5.7.23 spf" }', 'on_unknown: defer, then: reject'));
  const decision = await settle(strict, 'mail', session(), broken, { ...never, trace: true });
  assert.deepEqual([decision.verdict, 'code' in decision && decision.code], ['defer', 451]);
  assert.match(decision.trace.map(({ why }) => why.join()).join(), /time-out.*SERVFAIL/);
});

test('a look-up not finished by the deadline is unknown', async () => {
  const hanging: Finder = { find: () => new Promise(() => {}) };
  const strict = compiled(TWO_LOOKUPS.replace('then: { reject: "550 5.7.23 spf" }', 'on_unknown: defer, then: reject'));
  const decision = await settle(strict, 'mail', session(), hanging, { signal: () => abortedAfter(20) });
  assert.equal(decision.verdict, 'defer');
});

test('a limit is checked only after earlier rules settle, and a greylist only for granted recipients', async () => {
  const policy = compiled(`
version: 1
grants: [{ id: us, when: { recipient.address: a@us.example } }]
rules:
  - { id: listed, on: rcpt, when: { dnsbl.zen: { exists: true } }, then: { reject: "550 5.7.1 listed" } }
  - { id: slow, on: rcpt, limit: { key: [client.ip], count: recipients, max: 1, per: 1h }, then: { defer: "451 4.7.1 slow down" } }
  - { id: grey, on: rcpt, then: { greylist: { key: [client.net], delay: 1m } } }
`);
  const ask = async (
    recipient: string,
    table: Readonly<Record<string, FactValue>>,
  ): Promise<{ verdict: string; by: string; asked: readonly string[] }> => {
    const facts = session();
    facts.set('recipient', 'recipient.address', recipient);
    const answers = new Answers(table);
    const decision = await settle(policy, 'rcpt', facts, answers, never);
    return { verdict: decision.verdict, by: 'by' in decision ? decision.by : '', asked: answers.asked };
  };
  assert.deepEqual(await ask('a@us.example', { 'dnsbl.zen': ['sbl'] }), { verdict: 'reject', by: 'p/listed', asked: ['dnsbl.zen'] });
  assert.deepEqual(await ask('a@us.example', { 'limit.p/slow': true }), {
    verdict: 'defer',
    by: 'p/slow',
    asked: ['dnsbl.zen', 'limit.p/slow'],
  });
  const granted = await ask('a@us.example', { 'limit.p/slow': false, 'greylist.p/grey': true });
  assert.deepEqual(granted, { verdict: 'defer', by: 'p/grey', asked: ['dnsbl.zen', 'limit.p/slow', 'greylist.p/grey'] });
  const outsider = await ask('a@elsewhere.example', { 'limit.p/slow': false });
  assert.deepEqual(outsider, { verdict: 'reject', by: 'grants', asked: ['dnsbl.zen', 'limit.p/slow'] });
});
