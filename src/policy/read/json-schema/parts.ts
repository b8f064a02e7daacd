import { isArray, isObject, type Json, type JsonObject } from '../../json.ts';
import { all, type Check, complain, type Keyword, type Place, within } from './visit.ts';

const objectOf = (operand: Json | undefined): JsonObject => (isObject(operand) ? operand : {});

const checksOf = (operand: Json | undefined, { checkOf }: Place): ReadonlyMap<string, Check> =>
  new Map(Object.entries(objectOf(operand)).map(([name, schema]) => [name, checkOf(schema)]));

const required: Keyword = (operand, { schema }) => {
  const names = isArray(operand) ? operand.map(String) : [];
  return (value, visit) =>
    !isObject(value) ||
    all(
      names,
      visit,
      (name) =>
        Object.hasOwn(value, name) || complain(visit, { keyword: 'required', schema, data: value, parameters: { missingProperty: name } }),
    );
};

const properties: Keyword = (operand, place) => {
  const checks = checksOf(operand, place);
  return (value, visit) =>
    !isObject(value) ||
    all(Object.entries(value), visit, ([name, part]) => within(visit, name, (further) => checks.get(name)?.(part, further) ?? true));
};

const patternsOf = (operand: Json | undefined): readonly RegExp[] =>
  Object.keys(objectOf(operand)).map((source) => new RegExp(source, 'u'));

const patternProperties: Keyword = (operand, place) => {
  const checks = [...checksOf(operand, place)].map(([source, check]) => ({ expression: new RegExp(source, 'u'), check }));
  return (value, visit) =>
    !isObject(value) ||
    all(Object.entries(value), visit, ([name, part]) =>
      all(checks, visit, ({ expression, check }) => !expression.test(name) || within(visit, name, (further) => check(part, further))),
    );
};

/** Keys that neither `properties` nor `patternProperties` name. */
const additionalProperties: Keyword = (operand, { schema, checkOf }) => {
  const named = new Set(Object.keys(objectOf(schema.properties)));
  const patterns = patternsOf(schema.patternProperties);
  const check = checkOf(operand);
  return (value, visit) =>
    !isObject(value) ||
    all(Object.entries(value), visit, ([name, part]) => {
      if (named.has(name) || patterns.some((expression) => expression.test(name))) return true;
      if (operand !== false) return within(visit, name, (further) => check(part, further));
      return complain(visit, { keyword: 'additionalProperties', schema, data: value, parameters: { additionalProperty: name } });
    });
};

/** What is wrong with a key is said once, whatever it is. */
const propertyNames: Keyword = (operand, { schema, checkOf }) => {
  const check = checkOf(operand);
  return (value, visit) =>
    !isObject(value) ||
    all(
      Object.keys(value),
      visit,
      (name) =>
        check(name, { path: visit.path, faults: null }) ||
        complain(visit, { keyword: 'propertyNames', schema, data: value, parameters: { propertyName: name } }),
    );
};

const items: Keyword = (operand, { checkOf }) => {
  const check = checkOf(operand);
  return (value, visit) =>
    !isArray(value) || all(value.entries(), visit, ([index, part]) => within(visit, index, (further) => check(part, further)));
};

/** `if` decides which of the two has to fit, and is no fault itself. */
const conditional: Keyword = (operand, { schema, checkOf }) => {
  const asked = checkOf(operand);
  const [then, otherwise] = [checkOf(schema.then ?? true), checkOf(schema.else ?? true)];
  return (value, visit) => (asked(value, { path: visit.path, faults: null }) ? then : otherwise)(value, visit);
};

const reference: Keyword = (operand, { checkOf, referred }) => checkOf(referred(String(operand)));

/** Keywords about the parts of a value, and about which schema is for it. */
export const PART_KEYWORDS: Readonly<Record<string, Keyword>> = {
  required,
  properties,
  patternProperties,
  additionalProperties,
  propertyNames,
  items,
  if: conditional,
  $ref: reference,
};
