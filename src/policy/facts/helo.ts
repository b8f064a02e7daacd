import type { FactDefinition } from '../fact-definition.ts';
import { heloWords } from '../possible.ts';
import { domain } from '../types/domain.ts';
import { heloVerb } from '../types/vocabularies.ts';

const common = { provider: 'session', keptWithMail: true, collection: false, from: 'helo', lifetime: 'connection' } as const;

export const facts: readonly FactDefinition[] = [
  {
    ...common,
    name: 'helo.name',
    type: domain,
    possible: heloWords,
    doc: 'Name the client gave in HELO or EHLO, as sent; an address literal keeps its brackets.',
    example: { when: { 'helo.name': { glob: '[*]' } }, given: { 'helo.name': '[192.0.2.1]' }, holds: true },
  },
  {
    ...common,
    name: 'helo.verb',
    type: heloVerb,
    doc: 'Command it used: HELO, EHLO or LHLO.',
    example: { when: { 'helo.verb': 'HELO' }, given: { 'helo.verb': 'EHLO' }, holds: false },
  },
];
