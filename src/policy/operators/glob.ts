import { type OperatorDefinition, PolicyError } from '../definition.ts';
import { compileGlob, globFault, globMeaning, globPattern } from '../lists/glob.ts';
import { anyMeaning } from '../meaning.ts';
import { anyOf } from '../reason/pattern.ts';
import { anyText, fragment, textOperand, texts } from './text.ts';
import { oneOfWords } from './words.ts';

export const glob: OperatorDefinition = {
  name: 'glob',
  asks: 'value',
  doc: 'The whole value matches the pattern, ignoring case: `*` matches any text, `?` any one character, everything else itself.',
  operand: (type, _collection, fields) => textOperand(type, fields, 'A pattern with `*` and `?`'),
  says: (operand, held) => `${held ? 'fits' : 'does not fit'} ${oneOfWords(operand)}`,
  compile: (operand, context) =>
    anyText(operand, (pattern) => {
      const fault = globFault(pattern);
      if (fault !== null) throw new PolicyError('RLY2008', fault, 'Use `*` for any text and `?` for any one character.');
      return compileGlob(fragment(pattern, context));
    }),
  means: (operand, context) => anyMeaning(texts(operand), (pattern) => globMeaning(fragment(pattern, context))),
  pattern: (operand, context) => anyOf(texts(operand), (glob) => globPattern(fragment(glob, context))),
  examples: [
    { when: { 'sender.address': { glob: '*@example.com' } }, given: { 'sender.address': 'a/b@example.com' }, holds: true },
    { when: { 'client.rdns': { glob: ['*.dyn.*', '*-pool-*'] } }, given: { 'client.rdns': 'h1-pool-7.example.net' }, holds: true },
    {
      when: { 'sender.address': { glob: '*@*.bücher.example' } },
      given: { 'sender.address': 'a@mail.xn--bcher-kva.example' },
      holds: true,
    },
    { when: { 'helo.name': { glob: 'mx?.example.com' } }, given: { 'helo.name': 'mx10.example.com' }, holds: false },
  ],
};
