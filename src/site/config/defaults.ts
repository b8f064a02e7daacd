import { isArray, isObject, type Json, type JsonSchema } from '../../policy/json.ts';

/** `value` with every key that was left out and for which the schema names a `default`, all the way down. */
export const withDefaults = (value: Json, schema: JsonSchema): Json => {
  const { properties, additionalProperties, items } = schema;
  if (isArray(value) && isObject(items)) return value.map((item) => withDefaults(item, items));
  if (!isObject(value)) return value;
  const filled: Record<string, Json> = {};
  for (const [key, entry] of Object.entries(value)) {
    const known = isObject(properties) ? properties[key] : additionalProperties;
    filled[key] = isObject(known) ? withDefaults(entry, known) : entry;
  }
  for (const [key, known] of isObject(properties) ? Object.entries(properties) : [])
    if (filled[key] === undefined && isObject(known) && known.default !== undefined) filled[key] = withDefaults(known.default, known);
  return filled;
};
