import { isArray } from '../../json.ts';
import { elements } from '../../read/parts.ts';
import type { Located } from '../../syntax.ts';
import { listAsked, type OperatorUse } from '../operator-uses.ts';
import { valueOperator } from './leaf.ts';

/** What an operator compares with that was written there, each with its place; nothing for the name of a list or of a fact. */
export const writtenOperands = (use: OperatorUse): readonly Located[] => {
  if (use.operator === 'same_as' || listAsked(use) !== null || valueOperator(use.operator) === null) return [];
  return isArray(use.operand.value) ? elements(use.operand) : [use.operand];
};

/** The operator for one of several operands, in its positive form. */
export const singleOperator = (operator: string): string => {
  const positive = valueOperator(operator)?.opposite ?? operator;
  return positive === 'in' ? 'eq' : positive;
};
