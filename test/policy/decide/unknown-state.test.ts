import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { evaluate } from '../../../src/policy/decide/evaluate.ts';
import { SessionFacts } from '../../../src/policy/decide/session.ts';
import { type Finder, settle } from '../../../src/policy/decide/settle.ts';
import type { Decision } from '../../../src/policy/decision.ts';
import type { Hook } from '../../../src/policy/hook.ts';
import { type FactValue, Unknown } from '../../../src/policy/value.ts';
import { compiled } from '../compiled.ts';

/* What an undecided rule would have done, seen by the rule after it. */

const TIMEOUT = new Unknown('SPF: timeout');

/** The decisions of these hooks, one after the other, in one session with SPF unknown. */
const decisions = (rules: string, hooks: readonly Hook[], given: Readonly<Record<string, FactValue>> = {}): readonly Decision[] => {
  const policy = compiled(`version: 1\ngrants: [{ id: any, when: { recipient.index: 0 } }]\nrules:\n${rules}`);
  const facts = new SessionFacts();
  facts.beginTransaction();
  for (const [fact, value] of Object.entries({ 'spf.result': TIMEOUT, 'recipient.index': 0, ...given }))
    facts.set('transaction', fact, value);
  return hooks.map((hook) => {
    const { decision } = evaluate(policy, hook, facts, { trace: true });
    facts.take(decision);
    return decision;
  });
};

const last = (rules: string, hooks: readonly Hook[], given?: Readonly<Record<string, FactValue>>): Decision =>
  decisions(rules, hooks, given).at(-1) ?? assert.fail();

const SPF = 'on: mail, when: { spf.result: pass }';

suite('an undecided rule leaves unknown', () => {
  test('whether a tag is there', () => {
    const decision = last(
      `  - { id: ok, ${SPF}, then: { tag: [ok] } }\n  - { id: no, on: rcpt, when: { not: { tag: ok } }, then: { reject: "550 5.7.23 no" } }`,
      ['mail', 'rcpt'],
    );
    assert.equal(decision.verdict, 'accept');
    const why = decision.trace.find(({ id }) => id === 'p/no')?.why;
    assert.deepEqual(why, ['tag may hold ok: rule p/ok could not be decided: spf.result is unknown: SPF: timeout']);
  });

  test('a rule with on_unknown: defer defers', () => {
    const decision = last(
      `  - { id: ok, ${SPF}, then: { tag: [ok] } }\n  - { id: no, on: rcpt, on_unknown: defer, when: { not: { tag: ok } }, then: reject }`,
      ['mail', 'rcpt'],
    );
    assert.equal(decision.verdict === 'defer' && decision.code, 451);
  });

  test('tags that it does not add stay known', () => {
    const rules = `  - { id: ok, ${SPF}, then: { tag: [ok] } }\n  - { id: no, on: rcpt, when: { not: { tag: other } }, then: reject }`;
    assert.equal(last(rules, ['mail', 'rcpt']).verdict, 'reject');
  });

  test('a result, until a decided rule sets it', () => {
    const set = `  - { id: ok, ${SPF}, then: { set: { x: one } } }\n`;
    const no = '  - { id: no, on: rcpt, when: { result.x: { exists: false } }, then: reject }\n';
    assert.equal(last(set + no, ['mail', 'rcpt']).verdict, 'accept');
    const settled = `${set}  - { id: sure, on: mail, then: { set: { x: two } } }\n  - { id: no, on: rcpt, when: { result.x: two }, then: reject }\n`;
    assert.equal(last(settled, ['mail', 'rcpt']).verdict, 'reject');
  });

  test('whether a group is skipped', () => {
    const rules = `  - { id: ok, ${SPF}, then: { skip: g } }\n  - { id: no, on: rcpt, group: g, then: reject }`;
    assert.equal(last(rules, ['mail', 'rcpt']).verdict, 'accept');
  });

  test('a score is known within bounds, and the bounds decide where they can', () => {
    const points = `  - { id: ok, ${SPF}, then: { score: 5 } }\n`;
    const over = (bound: number): string => `${points}  - { id: no, on: rcpt, when: { score: { gte: ${bound} } }, then: reject }`;
    assert.equal(last(over(0), ['mail', 'rcpt']).verdict, 'reject');
    assert.equal(last(over(3), ['mail', 'rcpt']).verdict, 'accept');
    assert.equal(last(over(6), ['mail', 'rcpt']).trace.at(-1)?.result, 'false');
  });

  test('fields it would have edited, until a decided edit settles them', () => {
    const edit = '  - { id: ok, on: data_post, when: { spf.result: pass }, then: { add_header: { name: X-A, value: v } } }\n';
    const no = '  - { id: no, on: queue, when: { header.x-a: { exists: false } }, then: reject }\n';
    const headers = { 'header.x-a': null };
    assert.equal(last(edit + no, ['data_post', 'queue'], headers).verdict, 'none');
    const settled = `${edit}  - { id: sure, on: data_post, then: { remove_header: X-A } }\n${no}`;
    assert.equal(last(settled, ['data_post', 'queue'], headers).verdict, 'reject');
  });

  test('whether a later refusal stands', () => {
    const rules = (verdict: string): string =>
      `  - { id: ok, on: rcpt, when: { spf.result: pass }, then: ${verdict} }\n  - { id: no, on: rcpt, then: reject }`;
    const spared = last(rules('accept'), ['rcpt']);
    assert.deepEqual(spared.verdict === 'defer' && [spared.code, spared.enhanced, spared.by], [451, '4.7.1', 'p/ok']);
    assert.equal(last(rules('reject'), ['rcpt']).verdict, 'reject');
  });

  test('effects of later rules, if it may have ended the hook', () => {
    const rules = (verdict: string): string =>
      `  - { id: end, on: rcpt, when: { spf.result: pass }, then: ${verdict} }\n  - { id: give, on: rcpt, then: { tag: t } }\n  - { id: no, on: data, when: { tag: t }, then: reject }`;
    for (const verdict of ['accept', 'reject', '{ defer: 451 4.7.1 Later }'])
      assert.equal(last(rules(verdict), ['rcpt', 'data']).verdict, 'none', verdict);
    assert.equal(last(rules('{ tag: u }'), ['rcpt', 'data']).verdict, 'reject');
  });

  test('effects that later rules would have had, if it deferred the hook', () => {
    const rules = `  - { id: wait, on: rcpt, on_unknown: defer, when: { spf.result: pass }, then: { tag: u } }
  - { id: give, on: rcpt, then: { tag: t } }
  - { id: no, on: data, when: { not: { tag: t } }, then: reject }`;
    assert.equal(last(rules, ['rcpt', 'data']).verdict, 'none');
  });

  test('a rewrite at a hook refused because of an unknown, but not at one rejected permanently', () => {
    const rules = (verdict: string): string =>
      `  - { id: to, on: rcpt, then: { rewrite_sender: b@two.example } }\n  - { id: end, on: rcpt, on_unknown: defer, when: { spf.result: pass }, then: ${verdict} }\n  - { id: no, on: data, when: { sender.domain: one.example }, then: reject }`;
    assert.equal(last(rules('reject'), ['rcpt', 'data'], { 'sender.address': 'a@one.example' }).verdict, 'none');
    const known = { 'sender.address': 'a@one.example', 'spf.result': 'pass' };
    assert.equal(last(rules('reject'), ['rcpt', 'data'], known).verdict, 'reject');
  });

  test('nothing, if it is in shadow mode', () => {
    const rules = `  - { id: ok, mode: shadow, expires: 2099-01-01, ${SPF}, then: { tag: [ok] } }\n  - { id: no, on: rcpt, when: { not: { tag: ok } }, then: reject }`;
    assert.equal(last(rules, ['mail', 'rcpt']).verdict, 'reject');
  });
});

test('an address built from an unknown fact defers the mail', () => {
  const decision = last('  - { id: to, on: rcpt, then: { rewrite_recipient: "${spf.result}@d.example" } }', ['rcpt']);
  assert.equal(decision.verdict === 'defer' && decision.code, 451);
  assert.deepEqual(decision.effects, []);
});

test('unknown tags, results, score and skips survive in the record of a queued message', () => {
  const facts = new SessionFacts();
  const doubt = 'SPF: timeout';
  facts.remember([
    { effect: 'tag', tags: ['sure'], by: 'p/r' },
    { effect: 'tag', tags: ['ok'], by: 'p/r', doubt },
    { effect: 'set', values: { x: 'one', y: 'two' }, by: 'p/r' },
    { effect: 'set', values: { x: 'other' }, by: 'p/r', doubt },
    { effect: 'score', points: 2, by: 'p/r', doubt },
    { effect: 'skip', groups: ['g'], by: 'p/r', doubt },
    { effect: 'unsettle', facts: ['sender.address', 'header.x-a'], by: 'p/r', doubt },
  ]);
  const kept = facts.results();
  assert.deepEqual([kept.results, kept.tags, kept.score, kept.skipped], [{ y: 'two' }, ['sure'], 0, []]);
  const later = new SessionFacts();
  later.restore(JSON.parse(JSON.stringify(kept)));
  for (const fact of ['tag', 'skip', 'score', 'result.x']) assert.deepEqual(later.get(fact), facts.get(fact), fact);
  assert.ok(later.get('sender.address') instanceof Unknown);
  assert.equal(later.get('header.x-a'), undefined);
});

test('a record in the old format has nothing unknown', () => {
  const facts = new SessionFacts();
  facts.restore({ results: { x: 'one' }, tags: ['t'], score: 2, skipped: ['g'] });
  assert.deepEqual(facts.results(), { results: { x: 'one' }, tags: ['t'], score: 2, skipped: ['g'] });
});

suite('a template of something unknown', () => {
  test('sets a result that is unknown', () => {
    const rules = `  - { id: keep, on: mail, then: { set: { x: "\${spf.result}" } } }\n  - { id: no, on: rcpt, when: { result.x: { ne: pass } }, then: reject }`;
    assert.equal(last(rules, ['mail', 'rcpt']).verdict, 'accept');
  });

  test('gives a tag of an unknown name beside those that are certain', () => {
    const rules = (condition: string): string =>
      `  - { id: keep, on: mail, then: { tag: [sure, "\${spf.result}"] } }\n  - { id: no, on: rcpt, when: { ${condition} }, then: reject }`;
    assert.equal(last(rules('not: { tag: pass }'), ['mail', 'rcpt']).verdict, 'accept');
    assert.equal(last(rules('tag: sure'), ['mail', 'rcpt']).verdict, 'reject');
  });

  test('writes the word into the header and is no fact for later rules', () => {
    const rules = `  - { id: keep, on: data_post, then: { add_header: { name: X-A, value: "\${spf.result}" } } }\n  - { id: no, on: queue, when: { header.x-a: { ne: pass } }, then: reject }`;
    const [written, evaluated] = decisions(rules, ['data_post', 'queue'], { 'header.x-a': ['unknown'] });
    assert.equal(written?.effects[0]?.effect === 'add_header' && written.effects[0].value, 'unknown');
    assert.equal(evaluated?.verdict, 'none');
  });
});

suite('the grant', () => {
  const evaluated = (hook: Hook, condition: string): Decision => {
    const policy = compiled(`version: 1
grants: [{ id: first, when: { spf.result: pass } }, { id: second, when: { recipient.index: 0 } }]
rules: [{ id: "no", on: ${hook}, when: { ${condition} }, then: reject }]
`);
    const facts = new SessionFacts();
    facts.beginTransaction();
    for (const [fact, value] of Object.entries({ 'spf.result': TIMEOUT, 'recipient.index': 0 })) facts.set('transaction', fact, value);
    const { decision } = evaluate(policy, 'rcpt', facts);
    if (hook === 'rcpt') return decision;
    facts.take(decision);
    facts.set('transaction', 'grant', [decision.grant ?? '']);
    return evaluate(policy, hook, facts).decision;
  };

  test('of a recipient may be an undecided grant before the one that holds', () => {
    assert.equal(evaluated('rcpt', 'grant: second').verdict, 'accept');
    assert.equal(evaluated('rcpt', 'not: { grant: first }').verdict, 'accept');
    assert.equal(evaluated('rcpt', 'grant: [first, second]').verdict, 'reject');
    assert.equal(evaluated('rcpt', 'grant: { exists: true }').verdict, 'reject');
  });

  test('stays so for the message', () => {
    assert.equal(evaluated('data', 'not: { grant: first }').verdict, 'none');
    assert.equal(evaluated('data', 'grant: other').verdict, 'none');
    assert.equal(evaluated('data', 'not: { grant: other }').verdict, 'reject');
  });
});

test('a rewriting of a recipient that no decided grant lets in may have happened', () => {
  const policy = compiled(`version: 1
grants: [{ id: first, when: { spf.result: pass } }]
rules: [{ id: to, on: rcpt, then: { rewrite_sender: b@two.example } }]
`);
  const facts = new SessionFacts();
  facts.beginTransaction();
  facts.set('transaction', 'spf.result', TIMEOUT);
  facts.set('transaction', 'sender.address', 'a@one.example');
  facts.take(evaluate(policy, 'rcpt', facts).decision);
  assert.ok(facts.get('sender.address') instanceof Unknown);
});

test('a hook that refuses settles nothing about the message', () => {
  const rules = `  - { id: perhaps, ${SPF}, then: { rewrite_sender: b@two.example } }
  - { id: sure, on: rcpt, then: [{ rewrite_sender: c@three.example }, { reject: "550 5.7.1 no" }] }
  - { id: "no", on: data, when: { sender.domain: { in: [one.example, three.example] } }, then: reject }`;
  assert.equal(last(rules, ['mail', 'rcpt', 'data'], { 'sender.address': 'a@one.example' }).verdict, 'none');
});

test('a limit and a greylist that cannot be counted are unknown', () => {
  const counted = `  - { id: often, on: data_post, on_unknown: defer, limit: { key: listener, count: bytes, max: 1, per: 1m }, then: reject }`;
  const size = { listener: 'mx', 'message.size': TIMEOUT, 'limit.p/often': true };
  assert.equal(last(counted, ['data_post'], size).verdict, 'defer');
  const grey = '  - { id: grey, on: rcpt, on_unknown: defer, then: { greylist: { key: [sender.address] } } }';
  const decision = last(grey, ['rcpt'], { 'sender.address': TIMEOUT, 'greylist.p/grey': false });
  assert.deepEqual(decision.verdict === 'defer' && decision.by, 'p/grey');
  assert.equal(last(grey, ['rcpt'], { 'sender.address': 'a@one.example', 'greylist.p/grey': false }).verdict, 'accept');
});

test('what is looked up with an unknown fact is unknown', async () => {
  const policy = compiled('{ version: 1, rules: [{ id: "no", on: mail, when: { sender.resolvable: false }, then: reject }] }');
  const facts = new SessionFacts();
  facts.beginTransaction();
  facts.set('transaction', 'sender.address', TIMEOUT);
  const finder: Finder = { find: async (_need, _definition, known) => known.get('sender.address') === null };
  const decision = await settle(policy, 'mail', facts, finder, { signal: () => new AbortController().signal });
  assert.equal(decision.verdict, 'none');
  assert.equal(facts.get('sender.resolvable'), TIMEOUT);
});
