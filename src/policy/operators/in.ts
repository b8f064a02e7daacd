import type { OperatorDefinition } from '../definition.ts';
import { memberOperand, membershipMeanings, membershipOf, membershipPattern, memberWords } from './membership.ts';

export const inOperator: OperatorDefinition = {
  name: 'in',
  asks: 'value',
  doc: 'In the named list, or one of the values in brackets; the default when only bracketed values are written.',
  operand: (type, _collection, fields) => memberOperand(type, fields),
  says: (operand, held) => `${held ? 'is in' : 'is not in'} ${memberWords(operand)}`,
  compile: membershipOf,
  means: membershipMeanings,
  pattern: membershipPattern,
  examples: [
    { when: { 'client.ip': { in: ['10.0.0.0/8', '192.0.2.1'] } }, given: { 'client.ip': '10.1.2.3' }, holds: true },
    { when: { 'recipient.address': { in: ['@example.com', 'abuse@'] } }, given: { 'recipient.address': 'abuse@example.net' }, holds: true },
    { when: { 'auth.user': { in: ['alice'] } }, given: { 'auth.user': 'Alice' }, holds: false },
  ],
};
