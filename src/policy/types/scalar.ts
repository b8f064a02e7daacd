import type { ValueType } from '../definition.ts';

export const scalar: ValueType = {
  name: 'scalar',
  doc: 'Text, a number or true/false, as set; the number 1 and the text "1" differ.',
  literal: { type: ['string', 'number', 'boolean'], description: 'Text, a number or true/false' },
  normalize: (value) => value,
  ordered: true,
  textual: true,
  lists: ['string', 'glob', 'regex'],
};
