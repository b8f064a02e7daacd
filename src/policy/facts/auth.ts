import type { FactDefinition } from '../fact-definition.ts';
import { formed } from '../possible.ts';
import { string } from '../types/string.ts';
import { word } from '../types/word.ts';

const common = { provider: 'session', keptWithMail: true, collection: false, from: 'auth', lifetime: 'connection' } as const;

export const facts: readonly FactDefinition[] = [
  {
    ...common,
    name: 'auth.user',
    type: string,
    doc: 'Authenticated user (RFC 4954); absent until then. At the hook `auth`, the user whose credentials were correct.',
    example: { when: { 'auth.user': { exists: true } }, given: { 'auth.user': 'absent' }, holds: false },
  },
  {
    ...common,
    name: 'auth.method',
    type: word,
    possible: formed('`plain` or `login`.', 'plain|login'),
    doc: 'Authentication method: `plain` or `login`; absent without authentication.',
    example: { when: { 'auth.method': 'PLAIN' }, given: { 'auth.method': 'plain' }, holds: true },
  },
];
