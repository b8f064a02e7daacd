import type { OperatorDefinition } from '../definition.ts';
import { or, type Truth } from '../truth.ts';
import { elementOperand, elementsOf, elementTest } from './elements.ts';
import { written } from './words.ts';

export const any: OperatorDefinition = {
  name: 'any',
  asks: 'fact',
  doc: 'At least one element of the set satisfies all the given conditions on it and its fields; of a field with several values, one is enough.',
  operand: elementOperand,
  says: (operand, held) => `${held ? 'has an element with' : 'has no element with'} ${written(operand)}`,
  compile: (operand, context) => {
    const test = elementTest(operand, context, 'some');
    return (value, facts) => elementsOf(value).reduce<Truth>((some, element) => or(some, test(element, facts)), false);
  },
  examples: [
    {
      when: { attachment: { any: { extension: 'zip', size: { lt: '1KiB' } } } },
      given: {
        attachment: [
          { name: 'a.zip', extension: 'zip', size: 4096 },
          { name: 'b.txt', extension: 'txt', size: 10 },
        ],
      },
      holds: false,
    },
    {
      when: { recipients: { any: { in: ['@example.com'], ne: 'a@example.com' } } },
      given: { recipients: ['a@example.com'] },
      holds: false,
    },
    {
      when: { attachment: { any: { extension: 'exe' } } },
      given: { attachment: [{ name: ['a.pdf', 'a.exe'], extension: ['pdf', 'exe'] }] },
      holds: true,
    },
    { when: { attachment: { any: { name: { exists: false } } } }, given: { attachment: [{ name: null, extension: null }] }, holds: true },
  ],
};
