import type { OperatorDefinition } from '../definition.ts';
import { orderedOperand, ordering } from './ordering.ts';
import { written } from './words.ts';

export const lte: OperatorDefinition = {
  name: 'lte',
  asks: 'value',
  ordered: true,
  doc: 'Less than or equal to a number, a size or a duration.',
  operand: (type, _collection, fields) => orderedOperand(type, fields),
  says: (operand, held) => `${held ? 'is' : 'is not'} at most ${written(operand)}`,
  compile: (operand, context) => ordering(operand, context, (value, bound) => value <= bound),
  examples: [
    { when: { attempt: { lte: 3 } }, given: { attempt: 3 }, holds: true },
    { when: { 'message.declared_size': { lte: '1KiB' } }, given: { 'message.declared_size': 'absent' }, holds: false },
  ],
};
