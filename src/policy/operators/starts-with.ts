import type { OperatorDefinition } from '../definition.ts';
import { startOf } from '../meaning.ts';
import { anyText, fragment, textOperand, texts } from './text.ts';
import { oneOfWords } from './words.ts';

export const startsWith: OperatorDefinition = {
  name: 'starts_with',
  asks: 'value',
  doc: 'The value starts with the text. Case-sensitive, unless the fact is case-insensitive.',
  operand: (type, _collection, fields) => textOperand(type, fields, 'Text'),
  says: (operand, held) => `${held ? 'starts with' : 'does not start with'} ${oneOfWords(operand)}`,
  compile: (operand, context) =>
    anyText(operand, (text) => {
      const part = fragment(text, context);
      return (value) => value.startsWith(part);
    }),
  means: (operand, context) => texts(operand).map((text) => startOf(fragment(text, context))),
  examples: [
    { when: { 'sender.local': { starts_with: ['bounce-', 'return-'] } }, given: { 'sender.address': 'Return-1@example.com' }, holds: true },
    { when: { 'auth.user': { starts_with: 'svc-' } }, given: { 'auth.user': 'alice' }, holds: false },
  ],
};
