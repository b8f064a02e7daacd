import type { OperatorDefinition } from '../definition.ts';
import { ANYTHING, choice, literal, sequence } from '../reason/pattern.ts';
import { anyText, fragment, textOperand, texts } from './text.ts';
import { oneOfWords } from './words.ts';

export const contains: OperatorDefinition = {
  name: 'contains',
  asks: 'value',
  doc: 'The value contains the text. Case-sensitive, unless the fact is case-insensitive.',
  operand: (type, _collection, fields) => textOperand(type, fields, 'Text'),
  says: (operand, held) => `${held ? 'contains' : 'does not contain'} ${oneOfWords(operand)}`,
  compile: (operand, context) =>
    anyText(operand, (text) => {
      const part = fragment(text, context);
      return (value) => value.includes(part);
    }),
  pattern: (operand, context) => choice(...texts(operand).map((text) => sequence(ANYTHING, literal(fragment(text, context)), ANYTHING))),
  examples: [
    { when: { 'header.subject': { contains: ['[EXT]', '[SPAM]'] } }, given: { 'header.subject': ['Re: [SPAM] hi'] }, holds: true },
    { when: { 'sender.local': { contains: 'Bounce' } }, given: { 'sender.address': 'news-bounce-1@example.com' }, holds: true },
    { when: { 'header.subject': { contains: 'spam' } }, given: { 'header.subject': ['SPAM'] }, holds: false },
  ],
};
