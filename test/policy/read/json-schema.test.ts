import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Ajv, type ErrorObject } from 'ajv';
import fc from 'fast-check';
import { parse } from 'yaml';
import { isArray, isObject, type Json, type JsonSchema } from '../../../src/policy/json.ts';
import { faultsOf } from '../../../src/policy/read/json-schema/check.ts';
import { policySchema } from '../../../src/policy/schema/policy-schema.ts';
import { configSchema } from '../../../src/site/config/site-keys.ts';
import { runs } from '../../kit/thorough.ts';

/* What is wrong with a value is what ajv says is wrong with it: the same keywords at the same places. */

/** What ajv says of its own work, and what it says of a key twice. */
const isExtra = ({ keyword, propertyName }: ErrorObject): boolean =>
  keyword === 'if' || (propertyName !== undefined && keyword !== 'propertyNames');

const KEYS = ['missingProperty', 'additionalProperty', 'propertyName'];

const told = (keyword: string, pointer: string, parameters: Readonly<Record<string, unknown>>): string =>
  `${keyword} at ${pointer} ${KEYS.map((key) => parameters[key] ?? '').join('')}`;

const unique = (all: readonly string[]): readonly string[] => [...new Set(all)].sort();

const escaped = (step: string | number): string => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;

/** Both opinions of values under one schema. */
const opinions = (schema: JsonSchema) => {
  const validate = new Ajv({ allErrors: true, strict: false, ownProperties: true }).compile(schema);
  return {
    ours: (value: Json) =>
      unique(faultsOf(value, schema).map(({ keyword, path, parameters }) => told(keyword, path.map(escaped).join(''), parameters))),
    theirs: (value: Json) => {
      validate(value);
      const errors = (validate.errors ?? []).filter((error) => !isExtra(error));
      return unique(errors.map(({ keyword, instancePath, params }) => told(keyword, instancePath, params)));
    },
  };
};

const scalar = fc.oneof(
  fc.constantFrom<Json>('', 'accept', 'reject', 'example.com', '10.0.0.0/8', '5m', 'a\u{1f600}', 'x'.repeat(300), '550 5.7.1 no'),
  fc.constantFrom<Json>(-1, 0, 1, 1.5, 70_000, true, false, null),
);
const any = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('id', 'any', 'in', 'x'), scalar, { maxKeys: 3 }),
);

/** All places of a value, the whole of it first. */
const placesOf = (value: Json, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] => [
  path,
  ...(isArray(value) ? value.flatMap((part, index) => placesOf(part, [...path, index])) : []),
  ...(isObject(value) ? Object.entries(value).flatMap(([key, part]) => placesOf(part, [...path, key])) : []),
];

type Wound = { readonly at: number; readonly how: 'replace' | 'remove' | 'add'; readonly key: string; readonly put: Json };

const wounds = (keys: readonly string[]): fc.Arbitrary<Wound[]> =>
  fc.array(
    fc.record({
      at: fc.nat(1_000_000),
      how: fc.constantFrom('replace', 'remove', 'add'),
      key: fc.oneof(fc.constantFrom(...keys), fc.constantFrom('constructor', '__proto__', 'a/b~c', '')),
      put: any,
    }),
    { minLength: 1, maxLength: 4 },
  );

const withKey = (value: { readonly [key: string]: Json }, key: string, put: Json): Json =>
  Object.fromEntries([...Object.entries(value), [key, put]]);

const changed = (value: Json, [step, ...rest]: readonly (string | number)[], wound: Wound): Json => {
  if (step === undefined) return wound.how === 'add' && isObject(value) ? withKey(value, wound.key, wound.put) : wound.put;
  const gone = rest.length === 0 && wound.how === 'remove';
  if (isArray(value)) return value.flatMap((part, index) => (index !== step ? [part] : gone ? [] : [changed(part, rest, wound)]));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]) => (key !== step ? [[key, part]] : gone ? [] : [[key, changed(part, rest, wound)]])),
  );
};

const wounded = (value: Json, all: readonly Wound[]): Json =>
  all.reduce((whole, wound) => {
    const places = placesOf(whole);
    return changed(whole, places[wound.at % places.length] ?? [], wound);
  }, value);

const shipped = (file: string): Json => parse(readFileSync(file, 'utf8'));
const keysOf = (value: Json): readonly string[] => [
  ...new Set(placesOf(value).flatMap((path) => (typeof path.at(-1) === 'string' ? [String(path.at(-1))] : []))),
];

const agree = (schema: JsonSchema, whole: readonly Json[]): void => {
  const { ours, theirs } = opinions(schema);
  for (const value of whole) assert.deepEqual(ours(value), []);
  fc.assert(
    fc.property(fc.constantFrom(...whole), wounds(whole.flatMap(keysOf)), (value, all) => {
      const broken = wounded(value, all);
      assert.deepEqual(ours(broken), theirs(broken));
    }),
    { numRuns: runs(400) },
  );
};

describe('checking with a schema', () => {
  it('agrees with ajv on mutated policies', () => {
    const files = readdirSync('rules').filter((name) => name.endsWith('.yaml'));
    agree(
      policySchema(),
      files.map((file) => shipped(`rules/${file}`)),
    );
  });

  it('agrees with ajv on mutated configurations', () => agree(configSchema(), [shipped('config/relay.yaml')]));

  it('agrees with ajv on any value and any supported schema', () => {
    const number = fc.integer({ min: 0, max: 3 });
    const types = fc.constantFrom('string', 'number', 'integer', 'boolean', 'null', 'array', 'object');
    const { schema } = fc.letrec<{ schema: Json }>((tie) => ({
      schema: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<Json>(true, false, {}),
        fc.record<Record<string, Json>>(
          {
            type: fc.oneof(types, fc.uniqueArray(types, { minLength: 1, maxLength: 3 })),
            enum: fc.uniqueArray(fc.constantFrom<Json>('', 'accept', 0, 1, true, null), { minLength: 1, maxLength: 4 }),
            const: fc.constantFrom<Json>('accept', 1, false),
            pattern: fc.constantFrom('^[a-z]*$', '.', '^.$'),
            minimum: number,
            maximum: number,
            minLength: number,
            maxLength: number,
            minItems: number,
            maxItems: number,
            minProperties: number,
            required: fc.subarray(['id', 'x']),
            properties: fc.dictionary(fc.constantFrom('id', 'in'), tie('schema'), { maxKeys: 2 }),
            patternProperties: fc.dictionary(fc.constantFrom('^i', 'n$'), tie('schema'), { maxKeys: 2 }),
            additionalProperties: tie('schema'),
            propertyNames: tie('schema'),
            items: tie('schema'),
            ...Object.fromEntries(['if', 'then', 'else'].map((name) => [name, tie('schema')])),
            $ref: fc.constant('#/definitions/other'),
          },
          { requiredKeys: [] },
        ),
      ),
    }));
    fc.assert(
      fc.property(schema, schema, fc.array(any, { minLength: 1, maxLength: 8 }), (top, other, values) => {
        fc.pre(!JSON.stringify(other).includes('#/definitions/other') && isObject(top));
        const { ours, theirs } = opinions({ ...Object(top), definitions: { other } });
        for (const value of values) assert.deepEqual(ours(value), theirs(value));
      }),
      { numRuns: 120 },
    );
  });

  it('rejects an unsupported keyword', () => {
    assert.throws(() => faultsOf(1, { multipleOf: 2 }), /multipleOf/);
    assert.throws(() => faultsOf(1, { $ref: '#/definitions/none' }), /none/);
  });

  it('checks a large policy quickly', () => {
    const rules = Array.from({ length: 5_000 }, (_, at) => ({
      id: `r${at}`,
      on: 'rcpt',
      when: { 'sender.domain': [`${at}.example`] },
      ...Object.fromEntries([['then', 'accept']]),
    }));
    const began = performance.now();
    assert.deepEqual(faultsOf({ version: 1, rules }, policySchema()), []);
    assert.ok(performance.now() - began < 10_000);
  });
});
