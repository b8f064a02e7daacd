import type { OperatorDefinition } from '../definition.ts';
import { endOf } from '../meaning.ts';
import { anyText, fragment, textOperand, texts } from './text.ts';
import { oneOfWords } from './words.ts';

export const endsWith: OperatorDefinition = {
  name: 'ends_with',
  asks: 'value',
  doc: 'The value ends with the text. Case-sensitive, unless the fact is case-insensitive.',
  operand: (type, _collection, fields) => textOperand(type, fields, 'Text'),
  says: (operand, held) => `${held ? 'ends with' : 'does not end with'} ${oneOfWords(operand)}`,
  compile: (operand, context) =>
    anyText(operand, (text) => {
      const part = fragment(text, context);
      return (value) => value.endsWith(part);
    }),
  means: (operand, context) => texts(operand).map((text) => endOf(fragment(text, context))),
  examples: [
    { when: { 'client.rdns': { ends_with: '.Example.net' } }, given: { 'client.rdns': 'a.example.net' }, holds: true },
    { when: { 'sender.domain': { ends_with: '.bücher.example' } }, given: { 'sender.address': 'a@x.xn--bcher-kva.example' }, holds: true },
    { when: { 'auth.user': { ends_with: '@example.com' } }, given: { 'auth.user': 'alice' }, holds: false },
  ],
};
