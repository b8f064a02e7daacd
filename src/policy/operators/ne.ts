import { equalTo } from '../compare.ts';
import type { OperatorDefinition } from '../definition.ts';
import { written } from './words.ts';

export const ne: OperatorDefinition = {
  name: 'ne',
  asks: 'value',
  doc: 'Present and not equal to the value. False if absent.',
  operand: (type, _collection, fields) => (fields === undefined ? type.literal : null),
  says: (operand, held) => `${held ? 'is not' : 'is'} ${written(operand)}`,
  opposite: 'eq',
  compile: (operand, { type }) => {
    const equals = equalTo(type, operand);
    return (value) => !equals(value);
  },
  examples: [
    { when: { 'sender.domain': { ne: 'example.com' } }, given: { 'sender.address': 'a@example.net' }, holds: true },
    { when: { 'sender.domain': { ne: 'example.com' } }, given: { 'sender.address': 'absent' }, holds: false },
  ],
};
