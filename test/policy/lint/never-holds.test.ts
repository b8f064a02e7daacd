import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { condition as compileCondition } from '../../../src/policy/compile/condition.ts';
import { View } from '../../../src/policy/compile/view.ts';
import { ExpressionBudget } from '../../../src/policy/expression-budget.ts';
import type { Json } from '../../../src/policy/json.ts';
import type { LintedSite } from '../../../src/policy/lint/check.ts';
import { lintSite } from '../../../src/policy/lint/lint.ts';
import { alwaysHolding } from '../../../src/policy/lint/values/always-holding.ts';
import { neverHolding } from '../../../src/policy/lint/values/never-holding.ts';
import { reasoningOf } from '../../../src/policy/lint/values/reasoning.ts';
import { compileRegex } from '../../../src/policy/lists/regex.ts';
import { parseMailbox } from '../../../src/policy/mailbox-syntax.ts';
import { readPolicy } from '../../../src/policy/read/policy.ts';
import { SiteFileError, type SiteFiles } from '../../../src/policy/read/site-files.ts';
import { ANYTHING, sequence } from '../../../src/policy/reason/pattern.ts';
import { readRegex } from '../../../src/policy/reason/regex.ts';
import { Effort, samples } from '../../../src/policy/reason/samples.ts';
import type { ConditionSyntax, PolicyFile } from '../../../src/policy/syntax.ts';
import type { Truth } from '../../../src/policy/truth.ts';
import type { FactValue } from '../../../src/policy/value.ts';
import { runs } from '../../kit/thorough.ts';

/** More of them: `RUNS=5000`. */
const RUNS = Number(process.env.RUNS ?? runs(250));

const missing = (): never => {
  throw new SiteFileError('there is no such file');
};

const NO_FILES: SiteFiles = { read: missing, readBytes: missing };

/** Short texts of few letters meet often. */
const label = fc.constantFrom('a', 'b', 'ab', 'a-b', 'example', 'xn--a', '1');
const name = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.'));
const host = fc.oneof(
  { weight: 6, arbitrary: name },
  { weight: 1, arbitrary: fc.constantFrom('[192.0.2.1]', '[IPv6:2001:db8::1]', 'bücher.example', 'A.Example') },
);
const local = fc.oneof(label, fc.constantFrom('a.b', 'a+b', 'A', '"a b"', '"a@b"', 'ü', 'post*', '/a/'));
const mailbox = fc
  .tuple(local, host)
  .map((parts) => parts.join('@'))
  .filter((text) => parseMailbox(text, true) !== null);

const part = fc.constantFrom('a', 'b', '.', '-', '@', '*', '?', 'ab', 'A', '.b', '[', '"', ' ', 'a@', '@a', '@b.a', 'example');
const text = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));
const piece = fc.constantFrom(
  'a',
  'b',
  '\\.',
  '.',
  '.*',
  '[a-b]',
  '[^a]',
  '(?:a|b)+',
  '@',
  '^',
  '$',
  'a{2}',
  '\\w+',
  '\\d',
  '-?',
  '(a|)',
  '\\[',
);
const regex = fc.array(piece, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));

const textual = fc.oneof(
  fc.record({ glob: text }),
  fc.record({ contains: text }),
  fc.record({ starts_with: fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 2 })) }),
  fc.record({ ends_with: text }),
  fc.record({ matches: regex }),
);

const equality = (literal: fc.Arbitrary<string>): fc.Arbitrary<Json> => {
  const several = fc.array(literal, { minLength: 1, maxLength: 3 });
  return fc.oneof(literal, several, fc.record({ ne: literal }), fc.record({ not_in: several }), fc.record({ exists: fc.boolean() }));
};

const both = (literal: fc.Arbitrary<string>): fc.Arbitrary<Json> =>
  fc.oneof(
    equality(literal),
    textual,
    fc.tuple(textual, textual).map(([one, other]): Json => ({ ...one, ...other })),
  );

const domains = fc.oneof(
  name,
  name.map((one) => `.${one}`),
);
const addresses = fc.oneof(
  mailbox,
  name.map((one) => `@${one}`),
  label.map((one) => `${one}@`),
);
const networks = fc
  .tuple(
    fc.constantFrom('10.0.0.0', '10.1.0.0', '192.0.2.0', '10.255.255.255', '255.255.255.255', '0.0.0.0'),
    fc.integer({ min: 1, max: 32 }),
  )
  .map(([address, length]) => `${address}/${length}`);

const numbers = (most: number): fc.Arbitrary<Json> => {
  const number = fc.integer({ min: -2, max: most });
  const one = fc
    .constantFrom('gt', 'gte', 'lt', 'lte', 'ne', 'eq')
    .chain((operator) => number.map((bound): Json => ({ [operator]: bound })));
  return fc.oneof(
    number,
    one,
    fc.tuple(one, one).map(([first, second]): Json => Object.assign({}, first, second)),
  );
};

/** The facts of a root with the tests that may be made of them, and its values. */
const SUBJECTS: readonly {
  readonly root: string;
  readonly values: fc.Arbitrary<FactValue>;
  readonly tests: Readonly<Record<string, fc.Arbitrary<Json>>>;
}[] = [
  {
    root: 'sender.address',
    values: fc.option(mailbox, { nil: null, freq: 9 }),
    tests: { 'sender.address': both(addresses), 'sender.domain': both(domains), 'sender.local': both(label), 'sender.null': fc.boolean() },
  },
  {
    root: 'client.ip',
    values: fc.oneof(
      fc.ipV4(),
      networks.map((one) => one.split('/')[0] ?? ''),
      fc.ipV6(),
    ),
    tests: { 'client.ip': equality(networks) },
  },
  { root: 'time.hour', values: fc.integer({ min: 0, max: 23 }), tests: { 'time.hour': numbers(25) } },
  { root: 'recipient.index', values: fc.nat({ max: 9 }), tests: { 'recipient.index': numbers(6) } },
  { root: 'score', values: fc.integer({ min: -4, max: 8 }).map((half) => half / 2), tests: { score: numbers(3) } },
  {
    root: 'spf.result',
    values: fc.constantFrom('pass', 'fail', 'softfail', 'neutral', 'none', 'permerror'),
    tests: { 'spf.result': equality(fc.constantFrom('pass', 'fail', 'none')) },
  },
];

type Subject = (typeof SUBJECTS)[number];

const leaf = ({ tests }: Subject): fc.Arbitrary<Json> =>
  fc.constantFrom(...Object.entries(tests)).chain(([fact, test]) => test.map((one): Json => ({ [fact]: one })));

const conditions = (subject: Subject): fc.Arbitrary<Json> => {
  const one = leaf(subject);
  const several = fc.array(one, { minLength: 2, maxLength: 3 });
  return fc.oneof(
    one,
    several.map((all): Json => ({ all })),
    several.map((any): Json => ({ any })),
    fc.tuple(one, several).map(([first, none]): Json => ({ all: [first, { none }] })),
    fc.tuple(several, one).map(([any, not]): Json => ({ all: [{ any }, { not }] })),
  );
};

const ruled = (when: Json): ReturnType<typeof readPolicy> => {
  const rule = Object.fromEntries([
    ['id', 'a'],
    ['on', 'rcpt'],
    ['when', when],
    ['then', 'defer'],
  ]);
  return readPolicy('rules/p.yaml', JSON.stringify({ version: 1, rules: [rule] }), NO_FILES);
};

/** The whole of the rule, or one condition in it: what a finding marks. */
const cases = fc.constantFrom(...SUBJECTS).chain((subject) =>
  fc.record({
    subject: fc.constant(subject),
    when: conditions(subject),
    values: fc.array(subject.values, { minLength: 30, maxLength: 30 }),
  }),
);

describe('what lint says of conditions is true of every value', () => {
  it('a single comparison that is impossible, or always true', () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom(...SUBJECTS)
          .chain((subject) => fc.tuple(fc.constant(subject), leaf(subject), fc.array(subject.values, { minLength: 30, maxLength: 30 }))),
        ([subject, when, values]) => {
          check(subject, when, values);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('several together', () => {
    fc.assert(
      fc.property(cases, ({ subject, when, values }) => check(subject, when, values)),
      { numRuns: RUNS },
    );
  });

  it('a regular expression is found in some sample exactly if it is in some value', () => {
    const form = readRegex('[a-c.@-]*') ?? assert.fail();
    const values = fc.array(
      fc.array(fc.constantFrom('a', 'b', 'c', '.', '-', '@'), { maxLength: 5 }).map((all) => all.join('')),
      { minLength: 40, maxLength: 40 },
    );
    fc.assert(
      fc.property(regex, values, (source, given) => {
        const pattern = readRegex(source);
        fc.pre(pattern !== null && !/^\^*$/.test(source));
        if (pattern === null) return;
        const matches = compileRegex(source, false, new ExpressionBudget());
        const found = [...samples(form, [sequence(ANYTHING, pattern, ANYTHING)], new Effort(1e7))];
        fc.pre(!found.includes(undefined));
        for (const truth of [true, false])
          if (given.some((value) => matches(value) === truth))
            assert.ok(
              found.some((value) => value !== undefined && matches(value) === truth),
              `${source} is ${truth} of none of ${found.join(' ')}`,
            );
      }),
      { numRuns: RUNS },
    );
  });
});

/** What is said of the condition, and of the parts of it, is held against every value. */
const check = ({ root }: Subject, when: Json, values: readonly FactValue[]): void => {
  const { file, diagnostics } = ruled(when);
  const condition = file?.rules[0]?.when ?? null;
  if (file === null || condition === null || diagnostics.length > 0) return;
  const site: LintedSite = {
    files: [file],
    now: 0,
    reader: NO_FILES,
    lookUpKeys: null,
    dnsListCodes: null,
    mayMiss: () => false,
    surroundings: null,
    policy: null,
  };
  const reasoning = reasoningOf(site);
  const never = [...neverHolding(condition, reasoning).map((found) => found.condition), ...impossible(condition, file)];
  const always = [...alwaysHolding(condition, reasoning), ...everyValue(condition, file)];
  for (const value of values) {
    const told = `${JSON.stringify(when)} with ${JSON.stringify(value)}`;
    for (const one of never) assert.notEqual(truthOf(one, root, value), true, told);
    if (value !== null) for (const one of always) assert.equal(truthOf(one, root, value), true, told);
  }
};

const truthOf = (condition: ConditionSyntax, root: string, value: FactValue): Truth => {
  const scope = { lists: new Map(), diagnostics: [], expressions: new ExpressionBudget() };
  const test = compileCondition(condition, scope);
  assert.deepEqual(scope.diagnostics, []);
  return test.truth(new View({ get: (fact) => (fact === root ? value : undefined) }));
};

const isTold = (file: PolicyFile, code: string): boolean =>
  lintSite([file], { files: NO_FILES, now: 0 }).some((found) => found.code === code);

const hasOneOperator = (condition: ConditionSyntax): condition is Extract<ConditionSyntax, { kind: 'fact' }> =>
  condition.kind === 'fact' && condition.operators.length === 1;

/** A value that nothing has makes the whole condition impossible where it is the only one, and not excluded. */
const impossible = (condition: ConditionSyntax, file: PolicyFile): readonly ConditionSyntax[] => {
  if (!hasOneOperator(condition) || !isTold(file, 'RLY4012')) return [];
  const isPlain = condition.operators.every(
    ({ operator, operand }) => !Array.isArray(operand.value) && operator !== 'ne' && operator !== 'not_in',
  );
  return isPlain ? [condition] : [];
};

const everyValue = (condition: ConditionSyntax, file: PolicyFile): readonly ConditionSyntax[] =>
  hasOneOperator(condition) && isTold(file, 'RLY4013') ? [condition] : [];
