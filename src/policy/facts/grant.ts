import type { FactDefinition } from '../fact-definition.ts';
import { grant } from '../types/grant.ts';

export const facts: readonly FactDefinition[] = [
  {
    name: 'grant',
    type: grant,
    collection: true,
    from: 'rcpt',
    provider: 'rules',
    changedByRules: 'at once',
    lifetime: 'transaction',
    doc: 'Grant that admitted the recipient, by id or full name; at `data`, `data_post` and `queue`, the grants of all recipients.',
    example: { when: { grant: 'inbound' }, given: { grant: ['10-recipients/inbound', '10-recipients/apps'] }, holds: true },
  },
];
