import type { FactDefinition } from '../fact-definition.ts';
import { DELIVERY_HOOKS } from '../hook.ts';
import { splitAddress } from '../mailbox.ts';
import { localText, mailDomain, whole } from '../possible.ts';
import { address } from '../types/address.ts';
import { domain } from '../types/domain.ts';
import { localPart } from '../types/local-part.ts';
import { number } from '../types/number.ts';
import type { FactSource, FactValue } from '../value.ts';

/** A part of the address; what is absent, unknown or not given stays so. */
const part =
  (take: (recipient: string) => string | null) =>
  (given: FactSource): FactValue | undefined => {
    const recipient = given.get('recipient.address');
    return typeof recipient === 'string' ? take(recipient) : recipient;
  };

/** Where the tag begins (RFC 5233 1); a local part that begins with `+` has none. */
const tagAt = (local: string): number => local.indexOf('+', 1);

const withoutTag = (recipient: string): string => {
  const { local, domain: host } = splitAddress(recipient);
  const plus = tagAt(local);
  return plus < 0 ? recipient : `${local.slice(0, plus)}@${host}`;
};

const tagOf = (recipient: string): string | null => {
  const { local } = splitAddress(recipient);
  const plus = tagAt(local);
  return plus < 0 ? null : local.slice(plus + 1);
};

const common = { provider: 'session', collection: false, from: 'rcpt', hooks: ['rcpt', ...DELIVERY_HOOKS], lifetime: 'recipient' } as const;

export const facts: readonly FactDefinition[] = [
  {
    ...common,
    name: 'recipient.address',
    type: address,
    doc: 'Envelope recipient: of this RCPT, or of this delivery.',
    example: {
      when: { 'recipient.address': { in: ['postmaster@', 'info@example.com'] } },
      given: { 'recipient.address': 'Postmaster@example.net' },
      holds: true,
    },
  },
  {
    ...common,
    provider: 'derived',
    name: 'recipient.local',
    type: localPart,
    possible: localText,
    partOf: { fact: 'recipient.address', part: 'before' },
    doc: 'Local part of the recipient, before the `@`.',
    example: { when: { 'recipient.local': 'abuse' }, given: { 'recipient.address': 'Abuse@example.com' }, holds: true },
    derive: part((recipient) => splitAddress(recipient).local),
  },
  {
    ...common,
    provider: 'derived',
    name: 'recipient.domain',
    type: domain,
    possible: mailDomain,
    partOf: { fact: 'recipient.address', part: 'behind' },
    doc: 'Domain of the recipient; absent for a bare `postmaster` (RFC 5321 4.5.1).',
    example: { when: { 'recipient.domain': 'bücher.example' }, given: { 'recipient.address': 'a@xn--bcher-kva.example' }, holds: true },
    derive: part((recipient) => splitAddress(recipient).domain || null),
  },
  {
    ...common,
    provider: 'derived',
    name: 'recipient.base',
    type: address,
    doc: 'Recipient without its `+tag`: `user@example.com` of `user+news@example.com`.',
    example: { when: { 'recipient.base': 'user@example.com' }, given: { 'recipient.address': 'user+news@example.com' }, holds: true },
    derive: part(withoutTag),
  },
  {
    ...common,
    provider: 'derived',
    name: 'recipient.tag',
    type: localPart,
    doc: 'Part of the local part after the first `+` (RFC 5233); absent if there is none.',
    example: { when: { 'recipient.tag': { exists: true } }, given: { 'recipient.address': 'user@example.com' }, holds: false },
    derive: part(tagOf),
  },
  {
    ...common,
    name: 'recipient.index',
    type: number,
    doc: 'Number of recipients accepted in this transaction before this one.',
    possible: whole(0),
    example: { when: { 'recipient.index': { gte: 100 } }, given: { 'recipient.index': 3 }, holds: false },
  },
];
