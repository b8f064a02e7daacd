import type { OperatorDefinition } from '../definition.ts';
import { and, type Truth } from '../truth.ts';
import { elementOperand, elementsOf, elementTest } from './elements.ts';
import { written } from './words.ts';

export const every: OperatorDefinition = {
  name: 'every',
  asks: 'fact',
  doc: 'Every element of the set satisfies all the given conditions on it and its fields, with all values of each field. False for an empty set.',
  operand: elementOperand,
  says: (operand, held) => `${held ? 'has only elements with' : 'has elements without'} ${written(operand)}`,
  compile: (operand, context) => {
    const test = elementTest(operand, context, 'all');
    return (value, facts) => {
      const elements = elementsOf(value);
      return elements.length > 0 && elements.reduce<Truth>((all, element) => and(all, test(element, facts)), true);
    };
  },
  examples: [
    { when: { recipients: { every: '@example.com' } }, given: { recipients: ['a@example.com', 'b@example.com'] }, holds: true },
    {
      when: { attachment: { every: { extension: ['pdf', 'txt'] } } },
      given: { attachment: [{ name: ['a.pdf', 'a.exe'], extension: ['pdf', 'exe'] }] },
      holds: false,
    },
    { when: { 'dkim.domains': { every: { ne: 'example.com' } } }, given: { 'dkim.domains': 'absent' }, holds: false },
  ],
};
