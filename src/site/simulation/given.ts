import { findFact, keptName } from '../../policy/facts/find.ts';
import { facts } from '../../policy/facts/index.ts';
import { meantInGiven } from '../../policy/facts/meant.ts';
import { givenFault } from '../../policy/given.ts';
import { isArray, isObject, type Json } from '../../policy/json.ts';
import { didYouMean, listed } from '../../policy/suggest.ts';
import { type Element, type FactValue, type FieldValue, type Scalar, Unknown } from '../../policy/value.ts';

const isScalar = (value: Json): value is Scalar => value !== null && typeof value !== 'object';

const element = (value: Json): Element => {
  if (isScalar(value)) return value;
  if (!isObject(value)) return String(value);
  return Object.fromEntries(Object.entries(value).map(([field, entry]) => [field, fieldValue(entry)]));
};

const fieldValue = (value: Json): FieldValue => (isScalar(value) ? value : isArray(value) ? value.filter(isScalar) : null);

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

/** One `FACT=VALUE` of a command line, or why it is invalid and what to write instead. */
export type Assignment = { readonly fact: string; readonly value: FactValue } | { readonly problem: string };

/** Numbers, `true`, and lists are written as in JSON; what is no JSON is text, and so is all that is given to a fact that is text. */
export const readAssignment = (text: string): Assignment => {
  const equals = text.indexOf('=');
  if (equals < 1) return { problem: 'Write FACT=VALUE, such as spf.result=pass.' };
  const fact = text.slice(0, equals);
  const definition = findFact(fact);
  if (!definition && !isCount(fact)) return { problem: noSuchFact(fact) };
  const written = text.slice(equals + 1);
  if (!definition && !COUNTED.includes(written)) return { problem: `${fact} is never ${written}. Write one of: ${listed(COUNTED)}.` };
  const json = parsed(written);
  const value = isScalar(json) && definition?.type.textual === true ? written : json;
  const fault = definition && givenFault(definition, fact, value);
  return fault ? { problem: `${fault.message}. ${fault.help}` } : { fact: keptName(fact), value: givenValue(value) };
};

/** Has the share been used up, must the key still wait. */
const COUNTED = ['true', 'false', 'unknown'];

const noSuchFact = (fact: string): string =>
  `There is no fact ${fact}. ${meantInGiven(fact) ?? didYouMean(fact, facts.keys(), 'docs/reference.md names them all.')}`;
