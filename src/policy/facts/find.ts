import type { FactDefinition } from '../fact-definition.ts';
import { type Hook, hookOrder } from '../hook.ts';
import { facts } from './index.ts';

/** What may follow the dot of a family: `header.x-tenant-id`, `dnsbl.zen`, `result.tenant`. */
export const MEMBER_PATTERN = '[A-Za-z0-9][A-Za-z0-9_-]*';

const MEMBER = new RegExp(`^${MEMBER_PATTERN}$`);

/** The definition of a fact by its full name, families included (`header.subject` is one of `header.`); `null` if there is none. */
export const findFact = (name: string): FactDefinition | null => {
  const found = facts.get(name);
  if (found !== undefined) return name.endsWith('.') ? null : found;
  const dot = name.indexOf('.') + 1;
  return dot > 1 && MEMBER.test(name.slice(dot)) ? (facts.get(name.slice(0, dot)) ?? null) : null;
};

/** The spelling under which a fact is kept: header names have no case (RFC 5322 1.2.2). */
export const keptName = (fact: string): string => (/^(?:raw_)?header\./.test(fact) ? fact.toLowerCase() : fact);

/** The part of a full name that the author chooses: `zen` of `dnsbl.zen`. */
export const memberOf = (fact: string): string => fact.slice(fact.indexOf('.') + 1);

/** True of a definition that stands for a whole family, `header.<name>`. */
export const isFamily = (definition: FactDefinition): boolean => definition.name.endsWith('>');

/** Whether a rule at this hook may use the fact. */
export const knownAt = ({ from, hooks }: FactDefinition, hook: Hook): boolean =>
  hooks === undefined ? hookOrder(hook) >= hookOrder(from) : hooks.includes(hook);
