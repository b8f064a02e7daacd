import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { evaluate } from '../../../src/policy/decide/evaluate.ts';
import type { Json, JsonObject } from '../../../src/policy/json.ts';
import { type FactValue, Unknown } from '../../../src/policy/value.ts';
import { runs } from '../../kit/thorough.ts';
import { compiled } from '../compiled.ts';

/*
 * The index against the plain walk, which a traced evaluation takes, over every form the index knows. Words are few,
 * so that conditions and sessions often meet. INDEX_DECISIONS=1000000 for the long run, INDEX_SEED to repeat one.
 */
const DECISIONS = Number(process.env.INDEX_DECISIONS ?? runs(6000));
const SEED = process.env.INDEX_SEED === undefined ? undefined : Number(process.env.INDEX_SEED);
/** Of one policy; more of them make a long run shorter. */
const SESSIONS = Number(process.env.INDEX_SESSIONS ?? 40);

const of = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const DOMAINS = ['a.example', 'b.a.example', 'c.b.a.example', 'b.example', 'xn--bcher-kva.example', 'ab.example'];
const LOCALS = ['ann', 'anna', 'bounce-1', 'bounce-2', 'a+b', 'ä'];
const IPS = ['10.0.0.1', '10.0.1.1', '10.1.0.1', '192.0.2.1', '2001:db8::1', '2001:db8:1::1'];

const domain = of(...DOMAINS);
const addresses = fc.tuple(of(...LOCALS), domain).map(([local, host]) => `${local}@${host}`);

/** Long enough to be asked as a whole. */
const LONG = Array.from({ length: 300 }, (_, n) => `filler${n}.example`);

const LISTS: JsonObject = {
  domains: { type: 'domain', values: ['a.example', '.b.example', 'bücher.example'] },
  many: { type: 'domain', values: [...LONG, 'ab.example', '.a.example'] },
  people: { type: 'address', values: ['Ann@a.example', '@b.example', 'bounce-1@', 'ä@a.example'] },
  crowd: { type: 'address', values: [...LONG.map((host) => `x@${host}`), 'anna@ab.example', '@b.a.example'] },
  nets: { type: 'cidr', values: ['10.0.0.0/16', '2001:db8::/48', '192.0.2.1'] },
  names: { type: 'string', values: ['Ann', 'bounce-2', 'RE: one'] },
  globs: { type: 'glob', values: ['*.a.example', 'ann?', 'bounce-*', '*: ONE'] },
  regexes: { type: 'regex', values: ['^a', 'example$'] },
};

const literal = (values: fc.Arbitrary<Json>): fc.Arbitrary<Json> => fc.oneof(values, fc.array(values, { minLength: 1, maxLength: 3 }));

const texts = (operator: string, values: fc.Arbitrary<string>): fc.Arbitrary<Json> =>
  fc.oneof(values, fc.array(values, { minLength: 1, maxLength: 2 })).map((text): Json => ({ [operator]: text }));

const textual = (parts: readonly string[], globs: readonly string[]): fc.Arbitrary<Json> =>
  fc.oneof(
    texts('starts_with', of(...parts)),
    texts('ends_with', of(...parts)),
    texts('contains', of(...parts)),
    texts('glob', of(...globs)),
  );

const onDomain = fc.oneof(
  literal(
    fc.oneof(
      domain,
      domain.map((name) => `.${name}`),
      of('bücher.example', 'A.Example'),
    ),
  ),
  of<Json>({ in: 'domains' }, { in: 'many' }, { in: 'globs' }, { in: 'regexes' }, { not_in: 'many' }, { ne: 'a.example' }),
  textual(['a', 'ab', '.a.example', 'B.', 'le'], ['*', '*.a.example', 'a*', '?.example', 'a?.ex*le', 'a.example']),
);

const onAddress = fc.oneof(
  literal(
    fc.oneof(
      addresses,
      domain.map((name) => `@${name}`),
      of('ann@', 'bounce-1@', 'Ä@a.example'),
    ),
  ),
  of<Json>({ in: 'people' }, { in: 'crowd' }, { in: 'globs' }, { exists: true }, { exists: false }),
  textual(['ann', 'bounce-', '@b.example', 'Ä'], ['bounce-*', '*@*.a.example', '*+*@*', 'ann@?.example']),
);

const onIp = fc.oneof(
  literal(fc.oneof(of(...IPS), of('10.0.0.0/8', '10.0.0.0/24', '10.1.0.0/16', '0.0.0.0/0', '2001:db8::/32', '::/0'))),
  of<Json>({ in: 'nets' }, { not_in: 'nets' }),
  textual(['10.', '1', '2001:DB8'], ['10.*', '*.1']),
);

const onSubject = fc.oneof(
  literal(of('Re: one', 're: one', 'two')),
  of<Json>({ in: 'names' }, { in: 'globs' }, { in: 'regexes' }, { any: 'two' }, { count: 2 }),
  textual(['Re:', 're', 'one', 'NE'], ['RE:*', '*one', 'r?: one']),
);

const FACTS: Readonly<Record<string, fc.Arbitrary<Json>>> = {
  'recipient.domain': onDomain,
  'sender.domain': onDomain,
  'client.rdns': onDomain,
  'recipient.address': onAddress,
  'sender.address': onAddress,
  'sender.local': fc.oneof(literal(of(...LOCALS)), of<Json>({ in: 'names' }), textual(['an', 'bounce', '-1'], ['ann*', '*-?'])),
  'client.ip': onIp,
  'server.port': literal(of(25, 587)),
  'tls.active': of<Json>(true, false),
  'header.subject': onSubject,
  'result.x': literal(of('one', 'two')),
  tag: literal(of('t')),
};

/** `header.subject` is known behind the body only. */
const AT = {
  rcpt: Object.keys(FACTS).filter((name) => name !== 'header.subject'),
  data_post: ['header.subject', 'sender.address', 'client.ip', 'result.x'],
};

const conditionAt = (hook: keyof typeof AT): fc.Arbitrary<JsonObject> => {
  const entry = of(...AT[hook]).chain((name) => (FACTS[name] ?? of<Json>(1)).map((written): JsonObject => ({ [name]: written })));
  return fc.letrec<{ node: JsonObject }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 2, depthSize: 'small' },
      { weight: 4, arbitrary: entry },
      { weight: 1, arbitrary: fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((all): JsonObject => ({ all })) },
      { weight: 1, arbitrary: fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((any): JsonObject => ({ any })) },
      { weight: 1, arbitrary: fc.array(tie('node'), { minLength: 1, maxLength: 2 }).map((none): JsonObject => ({ none })) },
      { weight: 1, arbitrary: tie('node').map((not): JsonObject => ({ not })) },
    ),
  })).node;
};

const then = of<Json>(
  [{ set: { x: 'one' } }],
  [{ set: { x: 'two' } }],
  [{ tag: ['t'] }],
  [{ score: 1 }],
  [{ skip: ['g'] }],
  { reject: '550 5.7.1 No' },
  { defer: '451 4.7.1 Later' },
);

const ruleAt = (hook: keyof typeof AT): fc.Arbitrary<JsonObject> =>
  fc.record(
    {
      when: conditionAt(hook),
      unless: fc.array(conditionAt(hook), { minLength: 1, maxLength: 1 }),
      group: of('g'),
      on_unknown: of('defer'),
      then,
    },
    { requiredKeys: ['when', 'then'] },
  );

const policyAt = (hook: keyof typeof AT): fc.Arbitrary<JsonObject> =>
  fc
    .record({ grants: fc.array(conditionAt('rcpt'), { maxLength: 20 }), rules: fc.array(ruleAt(hook), { minLength: 13, maxLength: 40 }) })
    .map(({ grants, rules }) => ({
      version: 1,
      lists: LISTS,
      grants: grants.map((when, index) => ({ id: `g${index}`, when })),
      rules: rules.map((one, index) => ({ id: `r${index}`, on: hook, ...one })),
    }));

const known = (values: fc.Arbitrary<FactValue>): fc.Arbitrary<FactValue> =>
  fc.oneof(
    { weight: 12, arbitrary: values },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constant(new Unknown('no answer')) },
  );

const session: fc.Arbitrary<Readonly<Record<string, FactValue>>> = fc.record(
  {
    'client.ip': known(of(...IPS)),
    'client.rdns': known(domain),
    'sender.address': known(addresses),
    'recipient.address': known(addresses),
    'server.port': known(of(25, 587)),
    'tls.active': known(fc.boolean()),
    'header.subject': known(fc.array(of('Re: one', 're: one', 'RE: ONE', 'two'), { maxLength: 2 })),
  },
  { requiredKeys: ['client.ip', 'sender.address', 'recipient.address'] },
);

for (const hook of ['rcpt', 'data_post'] as const)
  test(`at ${hook} the index decides like a plain walk and wants the same look-ups`, (context) => {
    const runs = Math.ceil(DECISIONS / SESSIONS / 2);
    let decisions = 0;
    fc.assert(
      fc.property(policyAt(hook), fc.array(session, { minLength: SESSIONS, maxLength: SESSIONS }), (random, sessions) => {
        const own = compiled(JSON.stringify(random));
        for (const facts of sessions) {
          const source = { get: (fact: string) => facts[fact] };
          const walked = evaluate(own, hook, source, { trace: true });
          const indexed = evaluate(own, hook, source);
          assert.deepEqual({ ...indexed.decision, trace: [] }, { ...walked.decision, trace: [] });
          assert.deepEqual(indexed.needs, walked.needs);
          decisions += 1;
        }
      }),
      { numRuns: runs, ...(SEED === undefined ? {} : { seed: SEED }) },
    );
    context.diagnostic(`${decisions} decisions`);
  });
