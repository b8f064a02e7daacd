import addressparser from 'nodemailer/lib/addressparser';
import type { FactDefinition } from '../fact-definition.ts';
import { normalAddress, splitAddress } from '../mailbox.ts';
import { writtenAddress, writtenDomain } from '../possible.ts';
import { address } from '../types/address.ts';
import { domain } from '../types/domain.ts';
import { type FactSource, type FactValue, isCollection } from '../value.ts';

/*
 * The header is known decoded, so a display name may look like an address, or hold a quote or a parenthesis
 * that swallows the rest. What stands in angle brackets is therefore always taken too: a forger can add
 * addresses to the set, and cannot hide the one that mail programs show.
 */
const ANGLE = /<([^<>\s]*)>/g;

const addressesOf = (field: string): readonly string[] => [
  ...addressparser(field, { flatten: true }).map((mailbox) => mailbox.address),
  ...[...field.matchAll(ANGLE)].map((match) => match[1] ?? ''),
];

const authors = (given: FactSource): FactValue | undefined => {
  const fields = given.get('header.from');
  if (fields === undefined || fields === null || !isCollection(fields)) return fields;
  const found = fields.flatMap((field) => (typeof field === 'string' ? addressesOf(field) : []));
  const addresses = [...new Set(found.filter((one) => one.includes('@')).map(normalAddress))];
  return addresses.length === 0 ? null : addresses;
};

const domains = (given: FactSource): FactValue | undefined => {
  const addresses = given.get('from.address');
  if (addresses === undefined || addresses === null || !isCollection(addresses)) return addresses;
  return [...new Set(addresses.map((one) => splitAddress(String(one)).domain).filter((name) => name !== ''))];
};

const common = {
  provider: 'derived',
  collection: true,
  from: 'data_post',
  hooks: ['data_post', 'queue'],
  lifetime: 'transaction',
} as const;

export const facts: readonly FactDefinition[] = [
  {
    ...common,
    name: 'from.address',
    type: address,
    possible: writtenAddress,
    doc: 'Addresses in the From field (RFC 5322 3.6.2), almost always one; absent if there are none.',
    example: { when: { 'from.address': 'ceo@example.com' }, given: { 'header.from': ['"The (CEO" <CEO@example.com>'] }, holds: true },
    derive: authors,
  },
  {
    ...common,
    name: 'from.domain',
    type: domain,
    possible: writtenDomain,
    doc: 'Domains of the addresses in the From field.',
    example: { when: { 'from.domain': { not_in: ['example.com'] } }, given: { 'header.from': ['a@example.com'] }, holds: false },
    derive: domains,
  },
];
