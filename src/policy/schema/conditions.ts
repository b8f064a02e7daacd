import type { ValueType } from '../definition.ts';
import type { FactDefinition } from '../fact-definition.ts';
import { isFamily, MEMBER_PATTERN } from '../facts/find.ts';
import { facts } from '../facts/index.ts';
import { choose, ref, testName, testRef } from '../forms/refs.ts';
import { isObject, type JsonSchema } from '../json.ts';
import { operators } from '../operators/index.ts';
import { types } from '../types/index.ts';
import { forEditors, whereKnown } from './where.ts';

type FieldTypes = FactDefinition['fields'];

/** The operators that make sense of a type, each with its operand. */
export const operatorMapping = (type: ValueType, collection: boolean, fields: FieldTypes): JsonSchema => {
  const properties: Record<string, JsonSchema> = {};
  for (const operator of operators.values()) {
    const operand = operator.operand(type, collection, fields);
    if (operand !== null) properties[operator.name] = described(operand, operator.doc);
  }
  return { type: 'object', properties, additionalProperties: false, minProperties: 1 };
};

/** Completion shows what the name means; what the form of its value is stays where the form stands. */
const described = (schema: JsonSchema, doc: string): JsonSchema => ({ ...schema, description: joined(doc, schema.description) });

const joined = (doc: string, form: unknown): string => (typeof form === 'string' ? `${doc} ${form}` : doc);

/** A literal, several in brackets, or a mapping of operators. */
const testOf = (type: ValueType, collection: boolean, fields: FieldTypes): JsonSchema =>
  fields !== undefined
    ? operatorMapping(type, collection, fields)
    : choose(
        { type: 'object' },
        operatorMapping(type, collection, fields),
        choose({ type: 'array' }, { items: type.literal, minItems: 1 }, type.literal),
      );

/** Name under which the test of a fact stands; facts of the same shape share one. */
export const shapeOf = (fact: FactDefinition): string => {
  if (fact.fields !== undefined) return `test.${fact.name}`;
  return fact.collection ? `set.${fact.type.name}` : testName(fact.type);
};

const factRef = (fact: FactDefinition): JsonSchema => ({
  ...(fact.collection ? ref(shapeOf(fact)) : testRef(fact.type)),
  description: fact.doc,
  ...forEditors(fact.doc, whereKnown(fact)),
});

/** Facts by name, and families by pattern, each with a schema. */
export const factProperties = (
  schemaOf: (fact: FactDefinition) => JsonSchema,
  all: readonly FactDefinition[] = [...facts.values()],
): JsonSchema => {
  const family = (fact: FactDefinition): string => `^${fact.name.replace(/<.*$/, '').replaceAll('.', '\\.')}${MEMBER_PATTERN}$`;
  return {
    properties: Object.fromEntries(all.filter((fact) => !isFamily(fact)).map((fact) => [fact.name, schemaOf(fact)])),
    patternProperties: Object.fromEntries(all.filter(isFamily).map((fact) => [family(fact), schemaOf(fact)])),
  };
};

/** A condition that stands under `name` and asks the facts of these properties. */
export const conditionNamed = (name: string, { properties, patternProperties }: JsonSchema): JsonSchema => {
  const several: JsonSchema = { type: 'array', items: ref(name), minItems: 1 };
  return {
    type: 'object',
    description: 'A condition: all its entries must hold',
    properties: {
      all: { ...several, description: 'All of these conditions hold.' },
      any: { ...several, description: 'At least one of these conditions holds.' },
      none: { ...several, description: 'None of these conditions holds.' },
      not: { ...ref(name), description: 'The condition does not hold.' },
      ...(isObject(properties) ? properties : {}),
    },
    patternProperties: patternProperties ?? {},
    additionalProperties: false,
    minProperties: 1,
  };
};

/** `definitions` for conditions: one a type, one a shape of set, and the condition itself. */
export const conditionDefinitions = (): Readonly<Record<string, JsonSchema>> => {
  const definitions: Record<string, JsonSchema> = { condition: conditionNamed('condition', factProperties(factRef)) };
  for (const type of types.values()) definitions[testName(type)] = { description: type.doc, ...testOf(type, false, undefined) };
  for (const fact of facts.values()) if (fact.collection) definitions[shapeOf(fact)] = testOf(fact.type, true, fact.fields);
  return definitions;
};
