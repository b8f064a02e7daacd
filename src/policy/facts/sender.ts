import type { FactDefinition, LookUp } from '../fact-definition.ts';
import { normalAddress, splitAddress } from '../mailbox.ts';
import { localText, mailDomain } from '../possible.ts';
import { address } from '../types/address.ts';
import { boolean } from '../types/boolean.ts';
import { domain } from '../types/domain.ts';
import { localPart } from '../types/local-part.ts';
import type { FactSource, FactValue } from '../value.ts';

/** One half of the address; what is absent, unknown or not given stays so. */
const half =
  (which: 'local' | 'domain') =>
  (given: FactSource): FactValue | undefined => {
    const sender = given.get('sender.address');
    return typeof sender === 'string' ? splitAddress(sender)[which] || null : sender;
  };

/** A domain mail can go to: MX other than the null MX (RFC 7505), or an address (RFC 5321 5.1). */
const isResolvable = async ({ facts, services, signal }: LookUp): Promise<boolean | null> => {
  const sender = facts.get('sender.address');
  const name = typeof sender === 'string' ? splitAddress(normalAddress(sender)).domain : '';
  if (name === '') return null;
  if (name.startsWith('[')) return true;
  const exchanges = await services.dns.mx(name, signal);
  if (exchanges.length > 0) return exchanges.some(({ exchange }) => exchange !== '');
  return (await services.dns.addresses(name, signal)).length > 0;
};

const common = { provider: 'session', collection: false, from: 'mail', lifetime: 'transaction' } as const;

export const facts: readonly FactDefinition[] = [
  {
    ...common,
    changedByRules: 'later',
    name: 'sender.address',
    type: address,
    doc: 'Envelope sender; absent for the null sender `<>`.',
    example: { when: { 'sender.address': '@example.com' }, given: { 'sender.address': 'News@Example.com' }, holds: true },
  },
  {
    ...common,
    provider: 'derived',
    name: 'sender.local',
    type: localPart,
    possible: localText,
    partOf: { fact: 'sender.address', part: 'before' },
    doc: 'Local part of the sender, before the `@`.',
    example: { when: { 'sender.local': { starts_with: 'bounce-' } }, given: { 'sender.address': 'Bounce-7@example.com' }, holds: true },
    derive: half('local'),
  },
  {
    ...common,
    provider: 'derived',
    name: 'sender.domain',
    type: domain,
    possible: mailDomain,
    partOf: { fact: 'sender.address', part: 'behind' },
    doc: 'Domain of the sender.',
    example: { when: { 'sender.domain': ['example.com', '.example.com'] }, given: { 'sender.address': 'a@eu.example.com' }, holds: true },
    derive: half('domain'),
  },
  {
    ...common,
    provider: 'derived',
    name: 'sender.null',
    type: boolean,
    partOf: { fact: 'sender.address', part: null },
    doc: 'The sender is the null sender `<>`, as in delivery notices (RFC 5321 4.5.5).',
    example: { when: { 'sender.null': true }, given: { 'sender.address': 'absent' }, holds: true },
    derive: (given) => {
      const sender = given.get('sender.address');
      return sender === undefined ? undefined : sender === null;
    },
  },
  {
    ...common,
    provider: 'lookup',
    name: 'sender.resolvable',
    type: boolean,
    doc: 'The sender domain has an MX other than the null MX, or an address; absent for the null sender.',
    example: { when: { 'sender.resolvable': false }, given: { 'sender.resolvable': 'unknown' }, holds: undefined },
    lookUp: isResolvable,
    assumed: {
      doc: '`true`; `absent` for the null sender',
      value: (given) => {
        const sender = given.get('sender.address') ?? null;
        return typeof sender === 'string' ? true : sender;
      },
    },
  },
];
