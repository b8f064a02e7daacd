import type { OperatorDefinition } from '../definition.ts';
import { orderedOperand, ordering } from './ordering.ts';
import { written } from './words.ts';

export const gte: OperatorDefinition = {
  name: 'gte',
  asks: 'value',
  ordered: true,
  doc: 'Greater than or equal to a number, a size or a duration.',
  operand: (type, _collection, fields) => orderedOperand(type, fields),
  says: (operand, held) => `${held ? 'is' : 'is not'} at least ${written(operand)}`,
  compile: (operand, context) => ordering(operand, context, (value, bound) => value >= bound),
  examples: [
    { when: { 'message.size': { gte: '1MiB' } }, given: { 'message.size': 1_048_576 }, holds: true },
    { when: { age: { gte: '1h' } }, given: { age: '30m' }, holds: false },
  ],
};
