/** A plain value as YAML 1.2 core or JSON gives it. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export type JsonObject = { readonly [key: string]: Json };

/** JSON Schema is JSON; `read/json-schema/` knows the keywords that ours use. */
export type JsonSchema = JsonObject;

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isArray = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** One or many, as authors may write it: `a` or `[a, b]`. */
export const asArray = (value: Json): readonly Json[] => (isArray(value) ? value : [value]);
