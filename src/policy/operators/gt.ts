import type { OperatorDefinition } from '../definition.ts';
import { orderedOperand, ordering } from './ordering.ts';
import { written } from './words.ts';

export const gt: OperatorDefinition = {
  name: 'gt',
  asks: 'value',
  ordered: true,
  doc: 'Greater than a number, a size or a duration.',
  operand: (type, _collection, fields) => orderedOperand(type, fields),
  says: (operand, held) => `${held ? 'is' : 'is not'} greater than ${written(operand)}`,
  compile: (operand, context) => ordering(operand, context, (value, bound) => value > bound),
  examples: [
    { when: { 'message.size': { gt: '1MiB' } }, given: { 'message.size': 1_048_576 }, holds: false },
    { when: { score: { gt: 5 } }, given: { score: 5.5 }, holds: true },
  ],
};
