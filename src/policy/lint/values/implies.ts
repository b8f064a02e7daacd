import { findFact } from '../../facts/find.ts';
import type { ConditionSyntax } from '../../syntax.ts';
import { factConditions } from '../guarded.ts';
import { excludes, rootOf } from './joint.ts';
import type { Reasoning } from './reasoning.ts';

/**
 * Whether the second condition holds in every session in which the first does, as far as each thing that they ask about
 * tells on its own. `false` in doubt.
 */
export const implies = (one: ConditionSyntax, other: ConditionSyntax, reasoning: Reasoning): boolean => {
  switch (other.kind) {
    case 'all':
      return other.parts.every((part) => implies(one, part, reasoning));
    case 'none':
      return other.parts.length > 0 && other.parts.every((part) => excludes(one, part, reasoning));
    case 'any':
      return other.parts.some((part) => implies(one, part, reasoning)) || denies(one, other, reasoning);
    case 'not':
      return excludes(one, other.part, reasoning);
    default:
      return denies(one, other, reasoning);
  }
};

const denies = (one: ConditionSyntax, other: ConditionSyntax, reasoning: Reasoning): boolean =>
  excludes(one, { kind: 'not', part: other, at: other.at }, reasoning);

/** What a condition asks about, sets left out. */
export const rootsOf = (condition: ConditionSyntax): ReadonlySet<string> =>
  new Set(
    factConditions(condition)
      .map(({ fact }) => fact)
      .filter((fact) => !isSet(fact))
      .map(rootOf),
  );

/** It asks about a set, of which each part may be met by another element. */
export const asksOfSets = (condition: ConditionSyntax): boolean => factConditions(condition).some(({ fact }) => isSet(fact));

const isSet = (fact: string): boolean => findFact(fact)?.collection !== false;
