import { isArray, isObject, type Json, type JsonObject, type JsonSchema } from '../../policy/json.ts';
import { camelCase, type Key, type KeyFault, type Keys, keyOf, type ReadContext, type ValuesOf } from './key.ts';

const NAME = '^[a-z][a-z0-9_-]*$';

const below = (step: string | number, faults: readonly KeyFault[]): readonly KeyFault[] =>
  faults.map((fault) => ({ ...fault, path: [step, ...fault.path] }));

const each = <T>(keys: Keys, use: (name: string, key: Key<unknown>) => T): readonly T[] =>
  Object.entries(keys).map(([name, key]) => use(name, key));

const mappingSchema = (description: string, keys: Keys): JsonSchema => {
  const required = each(keys, (name, key) => (key.required ? [name] : [])).flat();
  return {
    type: 'object',
    description,
    properties: Object.fromEntries(each(keys, (name, { schema }) => [name, schema])),
    required,
    additionalProperties: false,
    ...(required.length === 0 ? { default: {} } : {}),
  };
};

/** Reads the keys it knows, and no others. */
export const readKeys = <Declared extends Keys>(keys: Declared, value: JsonObject, context: ReadContext): ValuesOf<Declared> => {
  // Names of keys become names of properties here, which the compiler cannot follow.
  const entries: readonly (readonly unknown[])[] = each(keys, (name, { read }) => [camelCase(name), read(value[name], context)]);
  return Object.fromEntries(entries);
};

/** A mapping that knows these keys and no others. It may be left out where none of them is required. */
export const mapping = <const Declared extends Keys>(description: string, keys: Declared): Key<ValuesOf<Declared>> =>
  keyOf(
    mappingSchema(description, keys),
    (value, context) => (isObject(value) ? readKeys(keys, value, context) : undefined),
    (value, context) =>
      each(keys, (name, { check }) => {
        const entry: Json | undefined = isObject(value) ? value[name] : undefined;
        return entry === undefined ? [] : below(name, check(entry, context));
      }).flat(),
  );

export const several = <Item>(description: string, item: Key<Item>, more: JsonObject = {}): Key<readonly Item[]> =>
  keyOf(
    { type: 'array', items: item.schema, description, ...more },
    (value, context) => (isArray(value) ? value.map((one) => item.read(one, context)) : undefined),
    (value, context) => (isArray(value) ? value.flatMap((one, index) => below(index, item.check(one, context))) : []),
  );

/** One value or a list of them, as authors may write it. */
export const oneOrSeveral = (description: string, item: Key<string>): Key<string | readonly string[]> =>
  keyOf(
    { type: ['string', 'array'], items: item.schema, description },
    (value) => (isArray(value) ? value.map(String) : String(value)),
    (value, context) =>
      isArray(value) ? value.flatMap((one, index) => below(index, item.check(one, context))) : item.check(value, context),
  );

/** A mapping whose keys are names that the author gives. */
export const named = <Item>(description: string, item: Key<Item>): Key<Readonly<Record<string, Item>>> =>
  keyOf(
    { type: 'object', description, default: {}, propertyNames: { pattern: NAME }, additionalProperties: item.schema },
    (value, context) =>
      isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, item.read(one, context)])) : undefined,
    (value, context) => (isObject(value) ? Object.entries(value).flatMap(([name, one]) => below(name, item.check(one, context))) : []),
  );
