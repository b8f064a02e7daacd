import { isArray, isObject, type Json } from '../../json.ts';
import { complain, type Keyword } from './visit.ts';

const TYPES: Readonly<Record<string, (value: Json) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: isArray,
  object: isObject,
};

const type: Keyword = (operand, { schema }) => {
  const names = (isArray(operand) ? operand : [operand]).map(String);
  const wanted = names.map((name) => TYPES[name] ?? (() => false));
  return (value, visit) =>
    wanted.some((is) => is(value)) || complain(visit, { keyword: 'type', schema, data: value, parameters: { type: names.join(',') } });
};

const oneOfThese =
  (keyword: string, allowed: (operand: Json) => readonly Json[]): Keyword =>
  (operand, { schema }) => {
    const allowedValues = allowed(operand);
    const values = new Set(allowedValues);
    return (value, visit) => values.has(value) || complain(visit, { keyword, schema, data: value, parameters: { allowedValues } });
  };

const pattern: Keyword = (operand, { schema }) => {
  const expression = new RegExp(String(operand), 'u');
  const parameters = { pattern: operand };
  return (value, visit) =>
    typeof value !== 'string' || expression.test(value) || complain(visit, { keyword: 'pattern', schema, data: value, parameters });
};

interface Limit {
  /** What is measured of a value; `null`: nothing, the limit is not for such values. */
  readonly measure: (value: Json) => number | null;
  readonly allows: (measured: number, limit: number) => boolean;
  readonly words: (limit: number) => string;
}

const atLeast = (measured: number, limit: number): boolean => measured >= limit;
const atMost = (measured: number, limit: number): boolean => measured <= limit;
const numberOf = (value: Json): number | null => (typeof value === 'number' ? value : null);
/** In characters, not in UTF-16 units. */
const lengthOf = (value: Json): number | null => (typeof value === 'string' ? [...value].length : null);
const itemsOf = (value: Json): number | null => (isArray(value) ? value.length : null);
const keysOf = (value: Json): number | null => (isObject(value) ? Object.keys(value).length : null);

const LIMITS: Readonly<Record<string, Limit>> = {
  minimum: { measure: numberOf, allows: atLeast, words: (limit) => `must be at least ${limit}` },
  maximum: { measure: numberOf, allows: atMost, words: (limit) => `must be at most ${limit}` },
  minLength: { measure: lengthOf, allows: atLeast, words: (limit) => `must have at least ${limit} characters` },
  maxLength: { measure: lengthOf, allows: atMost, words: (limit) => `must have at most ${limit} characters` },
  minItems: { measure: itemsOf, allows: atLeast, words: (limit) => `must have at least ${limit} entries` },
  maxItems: { measure: itemsOf, allows: atMost, words: (limit) => `must have at most ${limit} entries` },
  minProperties: { measure: keysOf, allows: atLeast, words: (limit) => `must have at least ${limit} keys` },
};

const limited =
  (keyword: string, { measure, allows, words }: Limit): Keyword =>
  (operand, { schema }) => {
    const limit = Number(operand);
    return (value, visit) => {
      const measured = measure(value);
      return measured === null || allows(measured, limit) || complain(visit, { keyword, schema, data: value, message: words(limit) });
    };
  };

/** Keywords about a value itself. */
export const VALUE_KEYWORDS: Readonly<Record<string, Keyword>> = {
  type,
  enum: oneOfThese('enum', (operand) => (isArray(operand) ? operand : [operand])),
  const: oneOfThese('const', (operand) => [operand]),
  pattern,
  ...Object.fromEntries(Object.entries(LIMITS).map(([keyword, limit]) => [keyword, limited(keyword, limit)])),
};
