import type { Json } from '../../../src/policy/json.ts';
import { isArray, isObject } from '../../../src/policy/json.ts';
import { type Element, type FactSource, type FactValue, type Fields, type FieldValue, Unknown } from '../../../src/policy/value.ts';

const fieldOf = (value: Json): FieldValue => {
  if (isArray(value)) return value.filter((one) => typeof one !== 'object');
  return typeof value === 'object' ? null : value;
};

const fieldsOf = (value: Json): Fields =>
  Object.fromEntries(Object.entries(isObject(value) ? value : {}).map(([name, field]) => [name, fieldOf(field)]));

const elementOf = (value: Json): Element => (typeof value === 'object' ? fieldsOf(value) : value);

const factValue = (value: Json): FactValue => {
  if (value === 'unknown') return new Unknown('given as unknown');
  if (value === 'absent' || value === null) return null;
  return isArray(value) ? value.map(elementOf) : isObject(value) ? null : value;
};

/** The facts of an example, as a session would have them. */
export const given = (facts: Readonly<Record<string, Json>>): FactSource => {
  const values = new Map(Object.entries(facts).map(([name, value]) => [name, factValue(value)]));
  return { get: (name) => values.get(name) };
};
