import type { JsonObject, JsonSchema } from '../../policy/json.ts';
import { duration } from '../../policy/types/duration.ts';
import { size } from '../../policy/types/size.ts';

/** A mapping that knows no other keys. */
export const closed = (
  description: string,
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[] = [],
): JsonSchema => ({
  type: 'object',
  description,
  properties,
  required,
  additionalProperties: false,
});

/** A closed mapping whose keys all have defaults, so that it may be left out as a whole. */
export const optional = (description: string, properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  ...closed(description, properties),
  default: {},
});

export const text = (description: string, more: JsonObject = {}): JsonSchema => ({ type: 'string', minLength: 1, description, ...more });

export const flag = (description: string, preset: boolean): JsonSchema => ({ type: 'boolean', description, default: preset });

export const choice = (description: string, words: readonly string[], more: JsonObject = {}): JsonSchema => ({
  type: 'string',
  enum: words,
  description,
  ...more,
});

export const count = (description: string, preset: number): JsonSchema => ({ type: 'integer', minimum: 1, description, default: preset });

export const time = (description: string, preset?: string): JsonSchema => ({
  ...duration.literal,
  description: `${description} Write \`10m\`, \`30s\` or \`1h30m\`.`,
  ...(preset === undefined ? {} : { default: preset }),
});

export const bytes = (description: string, preset: string): JsonSchema => ({
  ...size.literal,
  description: `${description} Write \`25MiB\` or \`10MB\`.`,
  default: preset,
});

export const several = (description: string, items: JsonSchema, more: JsonObject = {}): JsonSchema => ({
  type: 'array',
  items,
  description,
  ...more,
});
