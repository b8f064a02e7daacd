import { type OperatorDefinition, PolicyError } from '../definition.ts';
import { compileRegex, regexPattern, SPENT, withRegex } from '../lists/regex.ts';
import { anyOf } from '../reason/pattern.ts';
import { anyText, textOperand, texts } from './text.ts';
import { oneOfWords } from './words.ts';

const RE2 = 'RE2 has no look-around and no back-references; anchor with `^` and `$`.';
const FEWER = 'Use fewer expressions or smaller repetitions; in: with a list, starts_with, ends_with and glob cost far less.';

export const matches: OperatorDefinition = {
  name: 'matches',
  asks: 'value',
  doc: 'A regular expression (RE2 syntax, linear time) matches somewhere in the first 65,536 characters of the value; `(?i)` ignores case.',
  operand: (type, _collection, fields) => textOperand(type, fields, 'A regular expression in RE2 syntax'),
  says: (operand, held) => `${held ? 'matches' : 'does not match'} ${oneOfWords(operand)}`,
  compile: (operand, { type, expressions }) =>
    anyText(operand, (pattern) => {
      let matcher = (_value: string): boolean => false;
      const fault = withRegex(pattern, expressions, () => {
        matcher = compileRegex(pattern, type.caseless === true, expressions);
      });
      if (fault !== null) throw new PolicyError('RLY2014', fault, fault === SPENT ? FEWER : RE2);
      return matcher;
    }),
  pattern: (operand, { type }) => anyOf(texts(operand), (pattern) => regexPattern(pattern, type.caseless === true)),
  examples: [
    { when: { 'helo.name': { matches: '^[0-9.]+$' } }, given: { 'helo.name': '192.0.2.1' }, holds: true },
    { when: { 'header.subject': { matches: '(?i)invoice' } }, given: { 'header.subject': ['Your INVOICE'] }, holds: true },
    { when: { 'header.subject': { matches: 'invoice' } }, given: { 'header.subject': ['Your INVOICE'] }, holds: false },
  ],
};
