import type { Ask } from '../definition.ts';
import { keptName } from '../facts/find.ts';
import type { LimitSyntax } from '../syntax.ts';
import { type Truth, truthName } from '../truth.ts';
import { Unknown } from '../value.ts';
import { asText } from './template.ts';
import type { View } from './view.ts';

export interface CompiledLimit {
  /** True when the key has used up its share; unknown when a part of the key is, what it adds is, or the count cannot be had. */
  readonly truth: (view: View, ask: Ask) => Truth;
  /** How a trace puts it. */
  readonly says: (truth: Truth) => string;
}

/** A limit counts under its rule's name, so that a reload goes on counting. An absent part of the key counts as one value of its own. */
export const limit = (syntax: LimitSyntax, rule: string): CompiledLimit => {
  const { max, per, count } = syntax;
  const facts = syntax.key.map(({ fact }) => keptName(fact));
  return {
    truth: (view, ask) => {
      const parts = facts.map((fact) => view.get(fact) ?? null);
      const adds = cost(count, view);
      if (adds === undefined || parts.some((part) => part instanceof Unknown)) return undefined;
      const key = JSON.stringify(parts.map(asText));
      return ask({ need: 'limit', name: `limit.${rule}`, key, cost: adds, max, per });
    },
    says: (truth) => `the limit of ${max} ${count} per ${facts.join(', ')} ${SHARE[truthName(truth)]}`,
  };
};

const SHARE = { true: 'is exceeded', false: 'is not exceeded', unknown: 'could not be checked' } as const;

const cost = (count: LimitSyntax['count'], view: View): number | undefined => {
  const fact = count === 'bytes' ? 'message.size' : count === 'recipients' ? 'recipients.count' : null;
  const value = fact === null ? null : view.get(fact);
  if (value instanceof Unknown) return undefined;
  return typeof value === 'number' ? value : 1;
};
