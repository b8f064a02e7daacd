import type { Possible, ValueType } from '../definition.ts';
import type { Span } from '../diagnostic.ts';
import type { FactDefinition } from '../fact-definition.ts';
import { findFact } from '../facts/find.ts';
import { isArray, isObject, type Json } from '../json.ts';
import { elements, entries } from '../read/parts.ts';
import type { Located } from '../syntax.ts';
import type { FactCondition } from './guarded.ts';

/** An operator applied to values of a type, also inside `any`, `every` and `count`. */
export interface OperatorUse {
  readonly operator: string;
  readonly operand: Located;
  readonly type: ValueType;
  /** The fact, or the fact and its field. */
  readonly subject: string;
  readonly fact: string;
  /** What is known of the values beyond their type. */
  readonly possible: Possible | undefined;
  readonly at: Span;
}

interface Subject {
  readonly name: string;
  readonly definition: FactDefinition;
  readonly fact: string;
  readonly possible: Possible | undefined;
  readonly type: ValueType;
  readonly fields: FactDefinition['fields'];
}

/** Every operator a condition applies, with the type it is applied to; none for a fact that does not exist. */
export const operatorUses = (condition: FactCondition): readonly OperatorUse[] => {
  const definition = findFact(condition.fact);
  if (definition === null) return [];
  const { type, fields, possible = type.possible } = definition;
  const subject = { name: condition.fact, fact: condition.fact, definition, type, fields, possible };
  return condition.operators.flatMap(({ operator, operand, at }) => useAndNested(operator, operand, { subject, at }));
};

const useAndNested = (operator: string, operand: Located, place: { subject: Subject; at: Span }): readonly OperatorUse[] => {
  const { subject, at } = place;
  if (operator === 'count') return [];
  if (operator === 'any' || operator === 'every') return nested(operand, subject);
  return [{ operator, operand, type: subject.type, subject: subject.name, fact: subject.fact, possible: subject.possible, at }];
};

const nested = (operand: Located, subject: Subject): readonly OperatorUse[] => {
  const { fields } = subject;
  if (fields === undefined) return written(operand, subject);
  return entries(operand).flatMap(([name, value]) => {
    const type = fields[name];
    if (type === undefined) return [];
    const possible = subject.definition.fieldForms?.[name] ?? type.possible;
    return written(value, { ...subject, name: `${subject.name} ${name}`, type, possible, fields: undefined });
  });
};

const written = (value: Located, subject: Subject): readonly OperatorUse[] => {
  const shorthand = isArray(value.value) ? 'in' : 'eq';
  const uses: readonly (readonly [string, Located])[] = isObject(value.value) ? entries(value) : [[shorthand, value]];
  return uses.flatMap(([operator, operand]) => useAndNested(operator, operand, { subject, at: operand.at }));
};

/** `fact: x` instead of `fact: { eq: x }`: the operator is not written, so that another can stand in its place. */
export const isShorthand = ({ operator, operand, at }: OperatorUse): boolean =>
  operator === 'eq' && at.line === operand.at.line && at.column === operand.at.column;

/** The list an operator asks, if it asks one. */
export const listAsked = ({ operator, operand }: Pick<OperatorUse, 'operator' | 'operand'>): string | null =>
  (operator === 'in' || operator === 'not_in') && typeof operand.value === 'string' ? operand.value : null;

const EQUALITY: ReadonlySet<string> = new Set(['eq', 'ne', 'in', 'not_in']);

/** The values an operator compares with for equality, each with its place. */
export const literalsOf = (use: OperatorUse): readonly Located[] => {
  if (!EQUALITY.has(use.operator) || listAsked(use) !== null) return [];
  return isArray(use.operand.value) ? elements(use.operand) : [use.operand];
};

export const isScalar = (value: Json): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
