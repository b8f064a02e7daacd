import type { JsonSchema } from '../json.ts';
import type { Path } from '../syntax.ts';

/** One complaint of the schema: which keyword, about the value at which path. */
export interface Fault {
  readonly keyword: string;
  readonly path: Path;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The schema that holds the keyword. */
  readonly schema: JsonSchema;
  readonly data: unknown;
  readonly message: string;
}

/** A parameter of the keyword, as text. */
export const parameter = (fault: Fault, name: string): string => {
  const value = fault.parameters[name];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
};

const KEY_PARAMETERS: Readonly<Record<string, string>> = {
  additionalProperties: 'additionalProperty',
  propertyNames: 'propertyName',
};

/** The key a complaint is about, where it is about a key of the mapping and not about the value at the path. */
export const offendingKey = (fault: Fault): string | null => {
  const name = KEY_PARAMETERS[fault.keyword];
  return name === undefined ? null : parameter(fault, name);
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** Names the schema knows at this place. */
export const knownKeys = (fault: Fault): readonly string[] => {
  const { properties, propertyNames } = fault.schema;
  if (isRecord(propertyNames) && Array.isArray(propertyNames.enum)) return propertyNames.enum.map(String);
  return isRecord(properties) ? Object.keys(properties) : [];
};

/** The doc line of a schema, written for authors; empty where there is none. */
export const docOf = (schema: unknown): string => {
  if (!isRecord(schema) || typeof schema.description !== 'string' || schema.description === '') return '';
  return /[.!?]$/.test(schema.description) ? schema.description : `${schema.description}.`;
};
