import { oneOrMany } from '../read/parts.ts';
import type { ConditionSyntax, GrantSyntax, OperatorSyntax } from '../syntax.ts';

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

/** The condition holds for every session that reaches the grants. */
export const holdsForEverybody = (condition: ConditionSyntax): boolean => {
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

/** The grant has no condition but such as everybody meets. */
export const isOpen = ({ when, unless }: Pick<GrantSyntax, 'when' | 'unless'>): boolean => unless.length === 0 && holdsForEverybody(when);
