import type { ValueType } from '../../policy/definition.ts';
import { findFact, keptName } from '../../policy/facts/find.ts';
import { isArray, isObject, type Json } from '../../policy/json.ts';
import { type Element, type FactValue, type Scalar, Unknown } from '../../policy/value.ts';

const isScalar = (value: Json): value is Scalar => value !== null && typeof value !== 'object';

const element = (value: Json): Element => {
  if (isScalar(value)) return value;
  if (!isObject(value)) return String(value);
  return Object.fromEntries(Object.entries(value).map(([field, entry]) => [field, isScalar(entry) ? entry : null]));
};

/** A fact's value as authors give it: `unknown` and `absent` mean just that, a mapping is one element of a collection. */
export const givenValue = (value: Json): FactValue => {
  if (value === null || value === 'absent') return null;
  if (value === 'unknown') return new Unknown('given as unknown');
  if (isArray(value)) return value.map(element);
  const single = element(value);
  return typeof single === 'object' ? [single] : single;
};

/** Facts of a whole mapping, `given:` of a test. */
export const givenFacts = (given: Json): Map<string, FactValue> =>
  new Map(isObject(given) ? Object.entries(given).map(([fact, value]) => [keptName(fact), givenValue(value)]) : []);

/** Answers to counting, which are no facts of the language: `limit.<rule>` and `greylist.<rule>`. */
export const isCount = (name: string): boolean => /^(limit|greylist)\.[a-z0-9_./-]+$/i.test(name);

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** `maybe` is no truth value. Texts may be anything a client says. */
const isMisfit = (value: FactValue, type: ValueType | undefined): boolean =>
  type?.textual === false && isScalarFact(value) && type.normalize(value) === null;

const isScalarFact = (value: FactValue): value is Scalar => value !== null && typeof value !== 'object';

/**
 * One `FACT=VALUE` of a command line; numbers, `true`, and lists are written as in JSON. `null` if there is no
 * such fact, no `=`, or a value that the fact can never have.
 */
export const readAssignment = (text: string): readonly [string, FactValue] | null => {
  const equals = text.indexOf('=');
  const fact = text.slice(0, equals);
  const definition = findFact(fact);
  if (equals < 1 || (!definition && !isCount(fact))) return null;
  const written = text.slice(equals + 1);
  const value = parsed(written);
  const given = givenValue(isScalar(value) && definition?.type.textual === true ? written : value);
  return isMisfit(given, definition?.type) ? null : [keptName(fact), given];
};
