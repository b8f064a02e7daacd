import type { FactDefinition } from '../fact-definition.ts';
import { number } from '../types/number.ts';
import { scalar } from '../types/scalar.ts';
import { string } from '../types/string.ts';

const common = { collection: false, from: 'connect_init', lifetime: 'transaction' } as const;
const changed = { ...common, provider: 'rules', changedByRules: 'at once' } as const;

export const facts: readonly FactDefinition[] = [
  {
    ...changed,
    name: 'result.<name>',
    type: scalar,
    doc: 'Value an earlier rule `set` under that name.',
    example: { when: { 'result.tenant': 'acme' }, given: { 'result.tenant': 'acme' }, holds: true },
  },
  {
    ...changed,
    name: 'tag',
    type: string,
    collection: true,
    doc: 'Tags added by earlier rules.',
    example: { when: { tag: 'suspicious' }, given: { tag: ['bulk', 'suspicious'] }, holds: true },
  },
  {
    ...changed,
    name: 'score',
    type: number,
    doc: 'Sum of all `score` actions so far, initially 0.',
    example: { when: { score: { lt: 5 } }, given: {}, holds: true },
    derive: () => 0,
  },
  {
    ...common,
    provider: 'session',
    name: 'policy.version',
    type: string,
    doc: 'Version of the policy making the decision.',
    example: { when: { 'policy.version': { exists: true } }, given: { 'policy.version': '3f9a1c' }, holds: true },
  },
];
