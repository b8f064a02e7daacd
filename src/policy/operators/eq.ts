import { equalTo, literalMeanings } from '../compare.ts';
import type { OperatorDefinition } from '../definition.ts';
import { written } from './words.ts';

export const eq: OperatorDefinition = {
  name: 'eq',
  asks: 'value',
  doc: 'Equal to the value; the default when only a value is written. A network, `@domain` or `.domain` matches everything it covers.',
  operand: (type, _collection, fields) => (fields === undefined ? type.literal : null),
  says: (operand, held) => `${held ? 'is' : 'is not'} ${written(operand)}`,
  compile: (operand, { type }) => equalTo(type, operand),
  means: (operand, { type }) => literalMeanings(type, [operand]),
  examples: [
    { when: { 'helo.name': { eq: 'mail.example.com' } }, given: { 'helo.name': 'MAIL.example.com' }, holds: true },
    { when: { 'client.ip': '10.0.0.0/8' }, given: { 'client.ip': '11.0.0.1' }, holds: false },
    { when: { 'client.rdns': { eq: 'a.example' } }, given: { 'client.rdns': 'unknown' }, holds: undefined },
  ],
};
