import type { ConditionSyntax } from '../../syntax.ts';
import { compiledFor, isNeverTrue, type Joint, jointsOf } from './joint.ts';
import type { Reasoning } from './reasoning.ts';

/** A condition that is true of no session, and what it asks about one thing that makes it so. */
export interface NeverHolding {
  readonly condition: ConditionSyntax;
  readonly joint: Joint;
}

/** The innermost parts of a condition that can never hold though each of their own parts can. */
export const neverHolding = (condition: ConditionSyntax, reasoning: Reasoning): readonly NeverHolding[] => {
  const within = partsOf(condition).flatMap((part) => neverHolding(part, reasoning));
  if (within.length > 0 || (condition.kind !== 'all' && condition.kind !== 'fact')) return within;
  const joint = jointsOf(condition).find((one) => isContradiction(condition, one, reasoning));
  return joint === undefined ? [] : [{ condition, joint }];
};

export const partsOf = (condition: ConditionSyntax): readonly ConditionSyntax[] => {
  if (condition.kind === 'fact') return [];
  return condition.kind === 'not' ? [condition.part] : condition.parts;
};

const isContradiction = (condition: ConditionSyntax, joint: Joint, reasoning: Reasoning): boolean => {
  const never = (one: ConditionSyntax): boolean => {
    const test = compiledFor(one, reasoning);
    return test !== null && isNeverTrue(test, joint, reasoning);
  };
  // A part that never holds alone is reported by other checks.
  return never(condition) && !joint.parts.some((part) => condition !== part && never(part));
};
