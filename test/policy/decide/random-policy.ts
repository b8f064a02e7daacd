import fc from 'fast-check';
import type { Json, JsonObject } from '../../../src/policy/json.ts';
import { type FactValue, Unknown } from '../../../src/policy/value.ts';

/** The vocabulary of random policies: a handful of facts, each with a handful of values, so that conditions often meet. */
const VALUES = {
  'client.ip': ['192.0.2.1', '192.0.2.2', '2001:db8::1'],
  'sender.domain': ['a.example', 'b.example', 'c.example'],
  'recipient.domain': ['a.example', 'd.example', 'e.example'],
  'auth.user': ['ann', 'bob'],
  'spf.result': ['pass', 'fail', 'softfail'],
  'result.x': ['one', 'two'],
} as const;

const FACTS = Object.keys(VALUES) as readonly (keyof typeof VALUES)[];
const fact = fc.constantFrom(...FACTS);
const oneOf = (name: keyof typeof VALUES): fc.Arbitrary<string> => fc.constantFrom<string>(...VALUES[name]);

const entry: fc.Arbitrary<JsonObject> = fact.chain((name) =>
  fc
    .oneof<fc.Arbitrary<Json>[]>(
      oneOf(name),
      fc.array(oneOf(name), { minLength: 1, maxLength: 3 }),
      fc.record({ ne: oneOf(name) }),
      fc.record({ not_in: fc.array(oneOf(name), { minLength: 1, maxLength: 2 }) }),
      fc.record({ exists: fc.boolean() }),
      fc.record({ in: fc.array(oneOf(name), { minLength: 1, maxLength: 3 }), exists: fc.boolean() }),
    )
    .map((test) => ({ [name]: test })),
);

/** `{a: …, b: …}`: entries of one mapping; a fact named twice keeps the last test. */
const mapping = fc.array(entry, { minLength: 1, maxLength: 3 }).map((entries): JsonObject => Object.assign({}, ...entries));

export const condition: fc.Arbitrary<JsonObject> = fc.letrec<{ condition: JsonObject }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    mapping,
    fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ none: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('condition') }),
  ),
})).condition;

const effect: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({ set: fc.constantFrom({ x: 'one' }, { x: 'two' }) }),
  fc.record({ tag: fc.constantFrom(['t'], ['u']) }),
  fc.record({ score: fc.constantFrom(1, 2.5, -1) }),
  fc.record({ skip: fc.constantFrom(['g'], ['h']) }),
);

const verdict: fc.Arbitrary<Json> = fc.constantFrom<Json>(
  'accept',
  { reject: '550 5.7.1 No' },
  { defer: '451 4.7.1 Later' },
  { disconnect: true },
);

const then: fc.Arbitrary<Json> = fc
  .tuple(fc.array(effect, { maxLength: 2 }), fc.option(verdict, { nil: null, freq: 2 }))
  .map(([effects, last]) => [...effects, ...(last === null ? [] : [last === 'accept' ? { accept: true } : last])])
  .filter((actions) => actions.length > 0);

const rule = fc.record(
  {
    when: condition,
    unless: fc.array(condition, { minLength: 1, maxLength: 2 }),
    group: fc.constantFrom('g', 'h'),
    on_unknown: fc.constant('defer'),
    then,
  },
  { requiredKeys: ['then'] },
);

/** One policy at `rcpt`: some grants, and up to thirty rules, so that the index is used. */
export const policy: fc.Arbitrary<JsonObject> = fc
  .record({
    grants: fc.array(fc.record({ when: condition }), { maxLength: 3 }),
    rules: fc.array(rule, { maxLength: 30 }),
  })
  .map(({ grants, rules }) => ({
    version: 1,
    grants: grants.map((grant, index) => ({ id: `g${index}`, ...grant })),
    rules: rules.map((one, index) => ({ id: `r${index}`, on: 'rcpt', ...one })),
  }));

const factValue = (name: keyof typeof VALUES): fc.Arbitrary<FactValue> =>
  fc.oneof({ weight: 5, arbitrary: oneOf(name) }, fc.constant(null), fc.constant(new Unknown('no answer')));

/** A whole session: every fact known, absent or unknown. */
export const session: fc.Arbitrary<Readonly<Record<string, FactValue>>> = fc.record(
  Object.fromEntries(FACTS.map((name) => [name, factValue(name)])),
);
