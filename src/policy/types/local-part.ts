import type { ValueType } from '../definition.ts';
import { normalLocal } from '../mailbox.ts';

export const localPart: ValueType = {
  name: 'local-part',
  doc: 'The part of an address before the `@`; case-insensitive.',
  literal: { type: ['string', 'integer'], pattern: '^[^\\s]+$', description: 'A local part, `postmaster`' },
  normalize: (value) => normalLocal(String(value)),
  ordered: false,
  textual: true,
  lists: ['string', 'glob', 'regex'],
  caseless: true,
};
