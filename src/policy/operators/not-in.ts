import type { OperatorDefinition } from '../definition.ts';
import { memberOperand, membershipOf, memberWords } from './membership.ts';

export const notIn: OperatorDefinition = {
  name: 'not_in',
  asks: 'value',
  doc: 'Present and not in the named list, or none of the values in brackets. False if absent.',
  operand: (type, _collection, fields) => memberOperand(type, fields),
  says: (operand, held) => `${held ? 'is not in' : 'is in'} ${memberWords(operand)}`,
  opposite: 'in',
  compile: (operand, context) => {
    const isMember = membershipOf(operand, context);
    return (value) => !isMember(value);
  },
  examples: [
    { when: { 'server.port': { not_in: [465, 587] } }, given: { 'server.port': 25 }, holds: true },
    { when: { 'auth.user': { not_in: ['alice'] } }, given: { 'auth.user': 'absent' }, holds: false },
    { when: { 'from.domain': { not_in: ['example.com'] } }, given: { 'header.from': ['a@example.com', 'b@example.net'] }, holds: true },
  ],
};
