import { HOOKS } from '../../src/policy/hook.ts';
import { isArray, isObject, type Json, type JsonObject, type JsonSchema } from '../../src/policy/json.ts';
import { DURATION_PATTERN, SIZE_PATTERN } from '../../src/policy/quantity.ts';
import { code, sentence } from './markdown.ts';

/*
 * What a JSON Schema says of the keys of a mapping, as rows of a table: reference, configuration page and
 * editor speak from one text.
 */

/** What stands where a schema refers to a part that has a section of its own. */
const NAMES: Readonly<Record<string, string>> = {
  condition: 'a condition',
  outcome: 'actions',
  list: 'a list',
  grant: 'a grant',
  rule: 'a rule',
  route: 'a route',
  test: 'a test',
  given: 'a mapping',
  expectation: 'a mapping',
};

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: '`true` or `false`',
};

const words = (values: readonly Json[]): string => values.map((value) => code(String(value))).join(', ');

/** Patterns that say more than the type. */
const PATTERNS: ReadonlyMap<Json, string> = new Map([
  [DURATION_PATTERN, 'a duration'],
  [SIZE_PATTERN, 'a size'],
  ['^auto$', '`auto` or a whole number'],
]);

const typeOf = (type: Json | undefined): string =>
  (isArray(type) ? type : [type ?? ''])
    .map((one) => TYPES[String(one)] ?? '')
    .filter((one) => one !== '')
    .join(' or ');

/** What a key takes, in a few words. */
export const form = (schema: Json | undefined): string => {
  if (!isObject(schema)) return '';
  if (typeof schema.$ref === 'string') return NAMES[schema.$ref.slice('#/definitions/'.length)] ?? '';
  if (schema.const !== undefined) return code(String(schema.const));
  if (isArray(schema.enum)) return schema.enum.length === HOOKS.length ? 'a [hook](#hooks)' : words(schema.enum);
  if (schema.if !== undefined) return `${form(schema.else)}, or several`;
  if (schema.type === 'array') return `list: ${form(schema.items) || 'mappings'}`;
  if (schema.type === 'object')
    return isObject(schema.additionalProperties) ? `mapping of names: ${form(schema.additionalProperties)}` : 'a mapping';
  return PATTERNS.get(schema.pattern ?? '') ?? typeOf(schema.type);
};

export interface Key {
  readonly name: string;
  readonly schema: JsonObject;
  readonly required: boolean;
  readonly doc: string;
}

/** Keys of which a part is the author's, under the title of their pattern: `header.<name>`. */
const familiesOf = ({ patternProperties }: JsonSchema): readonly (readonly [string, Json])[] =>
  Object.values(isObject(patternProperties) ? patternProperties : {}).flatMap((key) =>
    isObject(key) && typeof key.title === 'string' ? [[key.title, key]] : [],
  );

/** The keys of a mapping, in the order of its schema. */
export const keysOf = (schema: JsonSchema): readonly Key[] => {
  const required = isArray(schema.required) ? schema.required : [];
  const properties = isObject(schema.properties) ? schema.properties : {};
  return [...Object.entries(properties), ...familiesOf(schema)].flatMap(([name, key]) =>
    isObject(key) ? [{ name, schema: key, required: required.includes(name), doc: docOf(key) }] : [],
  );
};

const docOf = ({ description }: JsonObject): string => sentence(typeof description === 'string' ? description : '');
