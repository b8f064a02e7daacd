import type { FactDefinition } from '../fact-definition.ts';
import { facts } from '../facts/index.ts';
import { choose, ref, testName } from '../forms/refs.ts';
import type { JsonSchema } from '../json.ts';
import { types } from '../types/index.ts';
import { operatorMapping, shapeOf } from './conditions.ts';
import { forEditors, whereKnown } from './where.ts';

/*
 * Editors show the first description they find for a value: that of the fact has to be the only one. And they offer the
 * words of an `enum` only where they find it without deciding an `if`.
 */

const without = ({ description: _, ...schema }: JsonSchema): JsonSchema => schema;

const isOffered = ({ enum: words, type }: JsonSchema): boolean => words !== undefined || type === 'boolean';

const testFor = ({ type, collection, fields }: Pick<FactDefinition, 'type' | 'collection' | 'fields'>): JsonSchema => {
  const operators = without(operatorMapping(type, collection, fields));
  if (fields !== undefined) return operators;
  const literal = without(type.literal);
  const several: JsonSchema = { type: 'array', items: literal, minItems: 1 };
  return isOffered(literal)
    ? { anyOf: [literal, several, operators] }
    : choose({ type: 'object' }, operators, choose({ type: 'array' }, several, literal));
};

const factName = ({ name }: FactDefinition): string => `fact.${name.replace('<name>', '*')}`;

/** A fact, which stands once and is referred to by every condition that may ask it. */
export const editorFactRef = (fact: FactDefinition): JsonSchema => ref(factName(fact));

/** `definitions` of the types, of the facts and of their shapes. */
export const editorFactDefinitions = (): Readonly<Record<string, JsonSchema>> =>
  Object.fromEntries([
    ...[...types.values()].map((type) => [testName(type), testFor({ type, collection: false })] as const),
    ...[...facts.values()].flatMap((fact) => [
      [shapeOf(fact), testFor(fact)] as const,
      [factName(fact), { ...ref(shapeOf(fact)), description: fact.doc, ...forEditors(fact.doc, whereKnown(fact)) }] as const,
    ]),
  ]);
