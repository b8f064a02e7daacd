import type { FactDefinition } from '../fact-definition.ts';
import { whole } from '../possible.ts';
import { boolean } from '../types/boolean.ts';
import { number } from '../types/number.ts';
import { size } from '../types/size.ts';
import { string } from '../types/string.ts';
import { isCollection, Unknown } from '../value.ts';

const common = { collection: false, lifetime: 'transaction' } as const;
const declared = { ...common, provider: 'session', keptWithMail: true, from: 'mail' } as const;

export const facts: readonly FactDefinition[] = [
  {
    ...declared,
    name: 'message.declared_size',
    type: size,
    doc: 'SIZE declared at MAIL (RFC 1870); absent if not declared.',
    example: { when: { 'message.declared_size': { gt: '25MiB' } }, given: { 'message.declared_size': 30_000_000 }, holds: true },
  },
  {
    ...declared,
    name: 'message.smtputf8',
    type: boolean,
    doc: 'The client requested SMTPUTF8 at MAIL (RFC 6531).',
    example: { when: { 'message.smtputf8': true }, given: { 'message.smtputf8': false }, holds: false },
  },
  {
    ...common,
    provider: 'message',
    keptWithMail: true,
    name: 'message.size',
    type: size,
    from: 'data_post',
    doc: 'Size of the message as received, header and body.',
    example: { when: { 'message.size': { lte: '10KiB' } }, given: { 'message.size': 10_240 }, holds: true },
  },
  {
    ...common,
    provider: 'message',
    name: 'message.id',
    changedByRules: 'later',
    type: string,
    from: 'data_post',
    hooks: ['data_post', 'queue'],
    doc: 'Message-ID of the message; if it has none, a new one that a rule may add.',
    example: { when: { 'message.id': { ends_with: '@example.com>' } }, given: { 'message.id': '<1@example.com>' }, holds: true },
  },
  {
    ...common,
    provider: 'derived',
    name: 'message.received_count',
    type: number,
    from: 'data_post',
    hooks: ['data_post', 'queue'],
    doc: 'Number of Received fields on arrival: hops so far (RFC 5321 6.3).',
    possible: whole(0),
    example: { when: { 'message.received_count': { gt: 1 } }, given: { 'header.received': ['from a', 'from b'] }, holds: true },
    derive: (given) => {
      const received = given.get('header.received');
      if (received === undefined || received instanceof Unknown) return received;
      return received === null ? 0 : isCollection(received) ? received.length : 1;
    },
  },
];
