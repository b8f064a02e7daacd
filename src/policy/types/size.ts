import type { ValueType } from '../definition.ts';
import { notNegative } from '../possible.ts';
import { parseSize, SIZE_PATTERN } from '../quantity.ts';

export const size: ValueType = {
  name: 'size',
  doc: 'A number of bytes: `25MiB`, `10MB` or the bare number.',
  literal: { type: ['string', 'integer'], pattern: SIZE_PATTERN, minimum: 0, description: 'A size, `25MiB`' },
  normalize: (value) => (typeof value === 'number' ? value : typeof value === 'string' ? parseSize(value) : null),
  ordered: true,
  textual: false,
  lists: [],
  possible: notNegative('A number of bytes such as `25MiB`.'),
};
