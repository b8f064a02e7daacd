import type { ValueType } from '../definition.ts';

export const string: ValueType = {
  name: 'string',
  doc: 'Case-sensitive text. A number or `true` in YAML counts as the text it was written as.',
  literal: { type: ['string', 'integer', 'boolean'], description: 'Text' },
  normalize: (value) => String(value),
  ordered: false,
  textual: true,
  lists: ['string', 'glob', 'regex'],
};
