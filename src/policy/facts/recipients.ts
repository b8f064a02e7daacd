import type { FactDefinition } from '../fact-definition.ts';
import { whole } from '../possible.ts';
import { address } from '../types/address.ts';
import { number } from '../types/number.ts';
import { isCollection } from '../value.ts';

const common = { provider: 'session', from: 'data', hooks: ['data', 'data_post', 'queue'], lifetime: 'transaction' } as const;

export const facts: readonly FactDefinition[] = [
  {
    ...common,
    changedByRules: 'later',
    name: 'recipients',
    type: address,
    collection: true,
    doc: 'All accepted recipients of the transaction.',
    example: {
      when: { recipients: { every: { ends_with: '@example.com' } } },
      given: { recipients: ['a@example.com', 'b@example.net'] },
      holds: false,
    },
  },
  {
    ...common,
    provider: 'derived',
    name: 'recipients.count',
    type: number,
    collection: false,
    doc: 'Number of accepted recipients.',
    possible: whole(0),
    example: { when: { 'recipients.count': { gt: 1 } }, given: { recipients: ['a@example.com', 'b@example.com'] }, holds: true },
    derive: (given) => {
      const recipients = given.get('recipients');
      if (recipients === null) return 0;
      return recipients !== undefined && isCollection(recipients) ? recipients.length : undefined;
    },
  },
];
