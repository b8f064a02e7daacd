import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { oneOrMany } from '../../read/parts.ts';
import type { ConditionSyntax, GrantSyntax, OperatorSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';

export const openGrant: LintCheck = {
  name: 'open-grant',
  codes: ['RLY3007'],
  doc: 'A grant has a condition that not every client meets.',
  avoid: `
grants:
  - { id: whoever, when: { recipient.address: { exists: true }, client.ip: 0.0.0.0/0 } }
`,
  prefer: `
grants:
  - { id: inbound, when: { recipient.domain: example.com } }
`,
  check: ({ files }) => files.flatMap((file) => file.grants).flatMap(checkGrant),
};

/** Every session that reaches the grants has these. */
const ALWAYS_PRESENT: ReadonlySet<string> = new Set([
  'client.ip',
  'client.net',
  'client.port',
  'connection.id',
  'listener',
  'recipient.address',
  'recipient.index',
  'sender.null',
  'server.ip',
  'server.port',
  'tls.active',
]);

const EVERYTHING: ReadonlySet<unknown> = new Set(['0.0.0.0/0', '::/0', '*', '**']);

const isTrivial = ({ operator, operand }: OperatorSyntax): boolean => {
  if (operator === 'exists') return operand.value === true;
  return (operator === 'eq' || operator === 'in' || operator === 'glob') && oneOrMany(operand).some(({ value }) => EVERYTHING.has(value));
};

const holdsForEverybody = (condition: ConditionSyntax): boolean => {
  switch (condition.kind) {
    case 'all':
      return condition.parts.every(holdsForEverybody);
    case 'any':
      return condition.parts.some(holdsForEverybody);
    case 'fact':
      return ALWAYS_PRESENT.has(condition.fact) && condition.operators.every(isTrivial);
    default:
      return false;
  }
};

const checkGrant = ({ id, idAt, when, unless }: GrantSyntax): readonly Diagnostic[] => {
  if (unless.length > 0 || !holdsForEverybody(when)) return [];
  const help = 'This is an open relay. Say who may relay, or to whom: when: { recipient.domain: { in: our_domains } }.';
  return [diagnose('RLY3007', idAt, { message: `${id} lets anyone relay anywhere`, help })];
};
