import type { OperatorDefinition } from '../definition.ts';
import { testRef } from '../forms/refs.ts';
import { number } from '../types/number.ts';
import { isCollection, type Known } from '../value.ts';
import { written } from './words.ts';

const sizeOf = (value: Known | null): number => (value === null ? 0 : isCollection(value) ? value.length : 1);

export const count: OperatorDefinition = {
  name: 'count',
  asks: 'fact',
  doc: 'Number of elements in a set, 0 if it is absent.',
  operand: (_type, collection) => (collection ? testRef(number) : null),
  says: (operand, held) => `${held ? 'has a count of' : 'has no count of'} ${written(operand)}`,
  compile: (operand, { nested }) => {
    const test = nested(operand, number);
    return (value, facts) => test(sizeOf(value), facts);
  },
  examples: [
    { when: { 'header.from': { count: { gte: 2 } } }, given: { 'header.from': ['a@example.com', 'b@example.com'] }, holds: true },
    { when: { 'header.date': { count: 0 } }, given: { 'header.date': 'absent' }, holds: true },
    { when: { 'header.subject': { count: 1 } }, given: { 'header.subject': ['a', 'b'] }, holds: false },
  ],
};
