import type { ValueType } from '../definition.ts';

export const word: ValueType = {
  name: 'word',
  doc: 'A short identifier, such as a file name extension or a media type; case-insensitive.',
  literal: { type: 'string', minLength: 1, description: 'A word' },
  normalize: (value) => String(value).toLowerCase(),
  ordered: false,
  textual: true,
  lists: ['string', 'glob', 'regex'],
  caseless: true,
};
