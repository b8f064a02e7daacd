import { literalOf } from '../compare.ts';
import { type OperatorContext, PolicyError, type ValueTest, type ValueType } from '../definition.ts';
import type { Json, JsonSchema } from '../json.ts';

/** Only types with an order can be more or less than something. */
export const orderedOperand = (type: ValueType, fields: Readonly<Record<string, ValueType>> | undefined): JsonSchema | null =>
  type.ordered && fields === undefined ? type.literal : null;

/** Compares with a number, bytes or milliseconds. A text that a rule has set is neither more nor less than a number: false. */
export const ordering = (operand: Json, { type }: OperatorContext, holds: (value: number, bound: number) => boolean): ValueTest => {
  const bound = literalOf(type, operand);
  if (typeof bound !== 'number') throw new PolicyError('RLY2008', `${JSON.stringify(operand)} is not a number`, 'Compare with a number.');
  return (value) => typeof value === 'number' && holds(value, bound);
};
