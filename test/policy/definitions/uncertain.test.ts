import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { View } from '../../../src/policy/compile/view.ts';
import { evaluate } from '../../../src/policy/decide/evaluate.ts';
import { facts } from '../../../src/policy/facts/index.ts';
import type { Json } from '../../../src/policy/json.ts';
import { OneOf, UncertainSet } from '../../../src/policy/uncertain.ts';
import { type FactValue, Unknown } from '../../../src/policy/value.ts';
import { compiled } from '../compiled.ts';

suite('a fact that is calculated from an unknown one is unknown', () => {
  const nothing = new Unknown('nobody knows');
  const derived = [...facts.values()].filter(({ derive, name }) => derive !== undefined && name !== 'score');
  test('there are such facts', () => assert.ok(derived.length > 8));
  for (const { name } of derived)
    test(name, () => {
      const fact = name.replace('<name>', 'X-A');
      const view = new View({ get: (asked) => (asked === fact ? undefined : nothing) });
      assert.equal(view.get(fact), nothing);
    });
});

const MEMBERS = ['a', 'ab', 'b', 'c'] as const;
const member = fc.constantFrom(...MEMBERS);
const number = fc.integer({ min: 0, max: 4 });
const ordering = fc.constantFrom('eq', 'ne', 'gt', 'gte', 'lt', 'lte').chain((name) => number.map((bound): Json => ({ [name]: bound })));

/** Everything that may be asked of one member. */
const ofOne: fc.Arbitrary<Json> = fc.oneof(
  member,
  fc.array(member, { minLength: 1, maxLength: 2 }),
  fc
    .constantFrom('ne', 'contains', 'starts_with', 'ends_with', 'glob', 'matches')
    .chain((name) => member.map((text): Json => ({ [name]: text }))),
  fc.array(member, { minLength: 1, maxLength: 2 }).map((not_in): Json => ({ not_in })),
  fc.constant<Json>({ same_as: 'result.x' }),
);

const ofSet: fc.Arbitrary<Json> = fc.oneof(
  ofOne,
  ofOne.map((any): Json => ({ any })),
  ofOne.map((every): Json => ({ every })),
  fc.oneof(number, ordering, fc.array(number, { minLength: 1, maxLength: 2 })).map((count): Json => ({ count })),
  fc.boolean().map((exists): Json => ({ exists })),
);

const truthOf = (when: Json, given: Readonly<Record<string, FactValue>>): string => {
  const policy = compiled(JSON.stringify({ version: 1, grants: [{ id: 'g', when }] }));
  return evaluate(policy, 'rcpt', { get: (fact) => given[fact] }, { trace: true }).decision.trace[0]?.result ?? '';
};

const subsets = (members: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: 2 ** members.length }, (_, bits) => members.filter((_member, index) => (bits >> index) % 2 === 1));

test('a condition on a set with possible members is known only if all possibilities agree', () => {
  fc.assert(
    fc.property(ofSet, fc.subarray([...MEMBERS]), fc.subarray([...MEMBERS]), member, (asked, certain, others, x) => {
      const possible = others.filter((one) => !certain.includes(one));
      const when = { tag: asked };
      const truths = new Set(subsets(possible).map((set) => truthOf(when, { tag: [...certain, ...set], 'result.x': x })));
      const tag = new UncertainSet(certain, new Map(possible.map((one) => [one, 'perhaps'])), null);
      const expected = truths.size === 1 ? [...truths][0] : 'unknown';
      assert.equal(truthOf(when, { tag, 'result.x': x }), expected);
      const open = truthOf(when, { tag: new UncertainSet(certain, new Map(), 'anything'), 'result.x': x });
      if (open !== 'unknown') assert.equal(truthOf(when, { tag: [...certain, 'zz', ...MEMBERS], 'result.x': x }), open);
    }),
    { numRuns: 150 },
  );
});

test('a condition on several possible numbers is known only if all agree', () => {
  fc.assert(
    fc.property(ordering, fc.uniqueArray(number, { minLength: 2, maxLength: 4 }), (asked, numbers) => {
      const truths = new Set(numbers.map((score) => truthOf({ score: asked }, { score })));
      const expected = truths.size === 1 ? [...truths][0] : 'unknown';
      assert.equal(truthOf({ score: asked }, { score: new OneOf(numbers, 'perhaps') }), expected);
    }),
    { numRuns: 100 },
  );
});
