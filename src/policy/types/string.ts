import type { ValueType } from '../definition.ts';

export const string: ValueType = {
  name: 'string',
  doc: 'Text, compared letter by letter. A whole number or `true` as YAML reads it is the text it was written as.',
  literal: { type: ['string', 'integer', 'boolean'], description: 'Text' },
  normalize: (value) => String(value),
  ordered: false,
  textual: true,
  lists: ['string', 'glob', 'regex'],
};
