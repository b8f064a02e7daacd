import type { OperatorDefinition } from '../definition.ts';
import { orderedOperand, ordering } from './ordering.ts';
import { written } from './words.ts';

export const lt: OperatorDefinition = {
  name: 'lt',
  asks: 'value',
  ordered: true,
  doc: 'Less than a number, a size or a duration.',
  operand: (type, _collection, fields) => orderedOperand(type, fields),
  says: (operand, held) => `${held ? 'is' : 'is not'} less than ${written(operand)}`,
  compile: (operand, context) => ordering(operand, context, (value, bound) => value < bound),
  examples: [
    { when: { 'time.hour': { gte: 8, lt: 18 } }, given: { 'time.hour': 12 }, holds: true },
    { when: { 'result.risk': { lt: 3 } }, given: { 'result.risk': 'high' }, holds: false },
  ],
};
