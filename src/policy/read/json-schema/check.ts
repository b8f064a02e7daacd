/*
 * JSON Schema (draft 7), as far as our schemas use it. The check of a schema is built when a value first comes to it: a
 * site uses a small part of the policy schema, and to compile all of it took longer than to read the whole site.
 */
import { isObject, type Json, type JsonObject, type JsonSchema } from '../../json.ts';
import type { Fault } from '../fault.ts';
import { PART_KEYWORDS } from './parts.ts';
import { VALUE_KEYWORDS } from './values.ts';
import { all, type Check, complain, type Keyword, type Place } from './visit.ts';

const nothing: Keyword = () => null;

/** For people and editors; or read with the keyword that they belong to. */
const SILENT = ['$schema', '$id', '$comment', 'title', 'description', 'markdownDescription', 'enumDescriptions', 'default', 'examples'];
const ELSEWHERE = ['definitions', 'then', 'else'];

const KEYWORDS: ReadonlyMap<string, Keyword> = new Map([
  ...Object.entries(VALUE_KEYWORDS),
  ...Object.entries(PART_KEYWORDS),
  ...[...SILENT, ...ELSEWHERE].map((name) => [name, nothing] as const),
]);

const hasPlace: Check = () => true;
const hasNoPlace: Check = (value, visit) => complain(visit, { keyword: 'false schema', schema: {}, data: value });

const definitionIn =
  (root: JsonSchema) =>
  (reference: string): Json => {
    const found = isObject(root.definitions) ? root.definitions[reference.replace('#/definitions/', '')] : undefined;
    if (found === undefined) throw new Error(`there is no ${reference} in the schema`);
    return found;
  };

const build = (place: Place): Check => {
  const checks = Object.entries(place.schema).flatMap(([name, operand]) => {
    const keyword = KEYWORDS.get(name);
    if (keyword === undefined) throw new Error(`a schema uses ${name}, which is no known keyword`);
    return keyword(operand, place) ?? [];
  });
  return (value, visit) => all(checks, visit, (check) => check(value, visit));
};

const checkerOf = (root: JsonSchema): Check => {
  const built = new WeakMap<JsonObject, Check>();
  const referred = definitionIn(root);
  const ready = (schema: JsonObject): Check => {
    const check = built.get(schema) ?? build({ schema, checkOf, referred });
    built.set(schema, check);
    return check;
  };
  const checkOf = (schema: Json): Check => {
    if (!isObject(schema)) return schema === false ? hasNoPlace : hasPlace;
    return (value, visit) => ready(schema)(value, visit);
  };
  return checkOf(root);
};

const checkers = new WeakMap<JsonSchema, Check>();

/** Everything that is wrong with a value, in no particular order. Throws if the schema uses what is not known here. */
export const faultsOf = (value: Json, schema: JsonSchema): readonly Fault[] => {
  const check = checkers.get(schema) ?? checkerOf(schema);
  checkers.set(schema, check);
  const faults: Fault[] = [];
  check(value, { path: [], faults });
  return faults;
};
