import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { evaluate } from '../../../src/policy/decide/evaluate.ts';
import type { Decision } from '../../../src/policy/decision.ts';
import type { Json, JsonObject } from '../../../src/policy/json.ts';
import { type FactSource, type FactValue, type Scalar, Unknown } from '../../../src/policy/value.ts';
import { compiled } from '../compiled.ts';
import { holds, naiveRcpt } from './naive.ts';
import { condition, policy, session } from './random-policy.ts';

const source = (facts: Readonly<Record<string, FactValue>>): FactSource => ({ get: (fact) => facts[fact] });

const plain = (value: Scalar | Unknown): Scalar => (value instanceof Unknown ? 'unknown' : value);

/** Effects as the policy wrote them, for comparing. */
const written = (decision: Decision): readonly JsonObject[] =>
  decision.effects.map((effect): JsonObject => {
    const { by } = effect;
    if (effect.effect === 'set')
      return { set: Object.fromEntries(Object.entries(effect.values).map(([name, value]) => [name, plain(value)])), by };
    if (effect.effect === 'tag') return { tag: effect.tags.map(plain), by };
    if (effect.effect === 'skip') return { skip: [...effect.groups], by };
    return { score: effect.effect === 'score' ? effect.points : Number.NaN, by };
  });

const text = (policyObject: Json): string => JSON.stringify(policyObject);

test('random policies decide like a naive interpreter of the language', () => {
  fc.assert(
    fc.property(policy, fc.array(session, { minLength: 1, maxLength: 5 }), (random, sessions) => {
      const own = compiled(text(random));
      for (const facts of sessions) {
        const { decision, needs } = evaluate(own, 'rcpt', source(facts));
        const { verdict, by, effects } = naiveRcpt(random, facts);
        assert.deepEqual(needs, []);
        assert.deepEqual({ verdict: decision.verdict, by: 'by' in decision ? decision.by : '' }, { verdict, by });
        assert.deepEqual(written(decision), effects);
      }
    }),
    { numRuns: 150 },
  );
});

test('the rule index never changes a decision', () => {
  fc.assert(
    fc.property(policy, session, (random, facts) => {
      const own = compiled(text(random));
      const { trace, ...linear } = evaluate(own, 'rcpt', source(facts), { trace: true }).decision;
      const { trace: none, ...indexed } = evaluate(own, 'rcpt', source(facts)).decision;
      assert.deepEqual(indexed, linear);
      assert.equal(none.length, 0);
      const rules = Array.isArray(random.rules) ? random.rules.length : 0;
      assert.equal(trace.filter(({ kind }) => kind === 'rule').length, rules);
    }),
    { numRuns: 150 },
  );
});

test('conditions follow Kleene logic', () => {
  fc.assert(
    fc.property(condition, session, (when, facts) => {
      const own = compiled(text({ version: 1, grants: [{ id: 'g', when }] }));
      const { decision } = evaluate(own, 'rcpt', source(facts), { trace: true });
      assert.equal(decision.trace[0]?.result, { true: 'true', false: 'false', undefined: 'unknown' }[String(holds(when, { ...facts }))]);
    }),
    { numRuns: 200 },
  );
});

test('an unknown grant neither grants relaying nor rejects permanently; knowing more only changes a 451', () => {
  fc.assert(
    fc.property(policy, session, (random, facts) => {
      const grantsOnly = compiled(text({ ...random, rules: [] }));
      const { decision } = evaluate(grantsOnly, 'rcpt', source(facts), { trace: true });
      const results = decision.trace.map(({ result }) => result);
      const expected = results.includes('true') ? 'accept' : results.includes('unknown') ? 'defer' : 'reject';
      assert.equal(decision.verdict, expected);
    }),
    { numRuns: 150 },
  );
});
