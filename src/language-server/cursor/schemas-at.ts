import { isArray, isObject, type Json, type JsonObject, type JsonSchema } from '../../policy/json.ts';
import { faultsOf } from '../../policy/read/json-schema/check.ts';
import type { Path } from '../../policy/syntax.ts';

/* What a schema says of one place of a document, for what may be written there and what it means. */

const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

const referred = ({ $ref }: JsonSchema, root: JsonSchema): JsonSchema | null =>
  typeof $ref === 'string' ? objectOf(objectOf(root.definitions)[$ref.slice('#/definitions/'.length)]) : null;

/** While nothing is written yet, either branch may be meant. */
const branches = (schema: JsonSchema, value: Json): readonly Json[] => {
  if (!isObject(schema.if)) return [];
  const [holds, otherwise] = [schema.then ?? {}, schema.else ?? {}];
  if (value === null) return [holds, otherwise];
  return [faultsOf(value, schema.if).length === 0 ? holds : otherwise];
};

/** Every schema that this one stands for at a value, those that are nearer to the place of use first. */
const standsFor = (schema: Json, value: Json, root: JsonSchema): readonly JsonSchema[] => {
  if (!isObject(schema)) return [];
  const target = referred(schema, root);
  const parts = [target, ...branches(schema, value), ...[schema.allOf, schema.anyOf].flatMap((all) => (isArray(all) ? all : []))];
  return [schema, ...parts.flatMap((part) => standsFor(part ?? null, value, root))];
};

const belowOne = (schema: JsonSchema, step: string | number): readonly Json[] => {
  if (typeof step === 'number') return schema.items === undefined ? [] : [schema.items];
  const named = objectOf(schema.properties)[step];
  if (named !== undefined) return [named];
  const patterns = Object.entries(objectOf(schema.patternProperties)).filter(([pattern]) => new RegExp(pattern, 'u').test(step));
  if (patterns.length > 0) return patterns.map(([, one]) => one);
  return isObject(schema.additionalProperties) ? [schema.additionalProperties] : [];
};

const partOf = (value: Json, step: string | number): Json => {
  if (isArray(value)) return value[Number(step)] ?? null;
  return isObject(value) && Object.hasOwn(value, step) ? (value[step] ?? null) : null;
};

/** Every schema that applies at `path` of a document. `open`: what stands there is being written and decides nothing. */
export const schemasAt = (root: JsonSchema, document: Json, { path, open }: { path: Path; open: boolean }): readonly JsonSchema[] => {
  let value = document;
  let schemas = standsFor(root, value, root);
  for (const [index, step] of path.entries()) {
    value = open && index === path.length - 1 ? null : partOf(value, step);
    const part = value;
    schemas = schemas.flatMap((schema) => belowOne(schema, step)).flatMap((below) => standsFor(below, part, root));
  }
  return schemas;
};
