import { type OperatorContext, PolicyError, type ValueType } from '../definition.ts';
import { testRef } from '../forms/refs.ts';
import { isObject, type Json, type JsonSchema } from '../json.ts';
import { and, or, type Truth } from '../truth.ts';
import { type Element, type FactSource, isCollection, isFields, type Known, type Scalar } from '../value.ts';

type FieldTypes = Readonly<Record<string, ValueType>> | undefined;

/** What may be said about one element: about its fields, or about itself where it has none. */
export const elementOperand = (type: ValueType, collection: boolean, fields: FieldTypes): JsonSchema | null => {
  if (!collection) return null;
  if (fields === undefined) return testRef(type);
  const properties = Object.fromEntries(
    Object.entries(fields).map(([field, fieldType]) => [field, { ...testRef(fieldType), description: fieldType.doc }]),
  );
  return {
    type: 'object',
    properties,
    additionalProperties: false,
    minProperties: 1,
    description: 'Conditions on the fields of one element',
  };
};

export type ElementTest = (element: Element, facts: FactSource) => Truth;

/** The elements of a set; none where it is absent. */
export const elementsOf = (value: Known | null): readonly Element[] => (value === null ? [] : isCollection(value) ? value : [value]);

/** How many values of a field that has several must satisfy: one of them for `any`, all of them for `every`. */
export type Quantifier = 'some' | 'all';

/** Compiles the condition on one element. Throws `PolicyError`. */
export const elementTest = (operand: Json, context: OperatorContext, quantifier: Quantifier): ElementTest => {
  if (context.fields === undefined) {
    const test = context.nested(operand, context.type);
    return (element, facts) => (isFields(element) ? false : test(element, facts));
  }
  const tests = Object.entries(isObject(operand) ? operand : {}).map(([field, written]) =>
    fieldTest({ field, written, quantifier }, context),
  );
  return (element, facts) => tests.reduce<Truth>((all, test) => and(all, test(element, facts)), true);
};

interface FieldCondition {
  readonly field: string;
  readonly written: Json;
  readonly quantifier: Quantifier;
}

const fieldTest = ({ field, written, quantifier }: FieldCondition, { fields, nested }: OperatorContext): ElementTest => {
  const type = fields?.[field];
  if (type === undefined) throw noSuchField(field, fields);
  const test = nested(written, type);
  const whenAbsent = holdsWhenAbsent(written);
  return (element, facts) => {
    const value = isFields(element) ? (element[field] ?? null) : null;
    if (value === null) return whenAbsent;
    const one = (single: Scalar): Truth => test(type.normalize(single) ?? single, facts);
    return typeof value === 'object' ? ofSeveral(value.map(one), quantifier) : one(value);
  };
};

const ofSeveral = (truths: readonly Truth[], quantifier: Quantifier): Truth =>
  quantifier === 'some' ? truths.reduce<Truth>(or, false) : truths.reduce<Truth>(and, true);

/** A field an element does not have is absent: of all operators only `exists: false` holds. */
const holdsWhenAbsent = (written: Json): boolean =>
  isObject(written) && Object.entries(written).every(([operator, operand]) => operator === 'exists' && operand === false);

const noSuchField = (field: string, fields: FieldTypes): PolicyError =>
  new PolicyError('RLY2001', `an element has no field \`${field}\``, `Its fields are ${Object.keys(fields ?? {}).join(', ')}.`, [field]);
