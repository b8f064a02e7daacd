import type { ValueType } from '../definition.ts';
import { normalAddress, normalAddressPart } from '../mailbox.ts';
import { mailAddress } from '../possible.ts';
import type { Scalar } from '../value.ts';

/** All of a domain, or a local part anywhere. */
const isWide = (literal: Scalar): boolean => typeof literal === 'string' && (literal.startsWith('@') || literal.endsWith('@'));

export const address: ValueType = {
  name: 'address',
  doc: 'A mail address, case-insensitive, its domain as A-labels. A literal may cover many: `@example.com`, `postmaster@`.',
  literal: {
    type: 'string',
    pattern: '^(?:[^@\\s].*@[^@\\s]*|@[^@\\s]+|[Pp]ostmaster)$',
    description: 'An address, `user@example.com`; `@example.com` covers a whole domain, `user@` that local part at any domain',
  },
  normalize: (value) => (isWide(value) ? null : normalAddress(String(value))),
  ordered: false,
  textual: true,
  lists: ['address', 'glob', 'regex'],
  caseless: true,
  part: normalAddressPart,
  entries: 'address',
  spans: isWide,
  possible: mailAddress,
};
