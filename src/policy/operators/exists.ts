import type { OperatorDefinition } from '../definition.ts';
import { isCollection } from '../value.ts';

export const exists: OperatorDefinition = {
  name: 'exists',
  asks: 'fact',
  doc: 'Present, or with `false`, absent. Empty text is present; an empty set is absent.',
  operand: () => ({ type: 'boolean', description: '`true`: present; `false`: absent' }),
  says: (operand, held) => ((operand === true) === held ? 'is present' : 'is absent'),
  compile: (operand) => (value) => (value !== null && !(isCollection(value) && value.length === 0)) === operand,
  examples: [
    { when: { 'auth.user': { exists: true } }, given: { 'auth.user': 'absent' }, holds: false },
    { when: { 'header.x-tenant-id': { exists: false } }, given: { 'header.x-tenant-id': 'absent' }, holds: true },
    { when: { 'header.subject': { exists: true } }, given: { 'header.subject': [''] }, holds: true },
    { when: { 'client.rdns': { exists: false } }, given: { 'client.rdns': 'unknown' }, holds: undefined },
  ],
};
