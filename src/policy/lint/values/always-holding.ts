import { findFact } from '../../facts/find.ts';
import type { ConditionSyntax } from '../../syntax.ts';
import type { Scalar } from '../../value.ts';
import { compiledFor, jointsOf, truthWith, valuesFor } from './joint.ts';
import { isAlways } from './judge.ts';
import { partsOf } from './never-holding.ts';
import type { Reasoning } from './reasoning.ts';
import { valuesOf } from './values.ts';

/** The innermost `any` of which one part holds for every value, where there is one, of the one thing that it asks about. */
export const alwaysHolding = (condition: ConditionSyntax, reasoning: Reasoning): readonly ConditionSyntax[] => {
  const within = partsOf(condition).flatMap((part) => alwaysHolding(part, reasoning));
  return within.length > 0 || condition.kind !== 'any' || !isEveryValue(condition, reasoning) ? within : [condition];
};

const isEveryValue = (condition: ConditionSyntax, reasoning: Reasoning): boolean => {
  const joints = jointsOf(condition);
  const [joint] = joints;
  if (joint === undefined || joints.length !== 1 || findFact(joint.root) === null) return false;
  // A test for presence is meant to hold for every value.
  if (joint.parts.some(({ operators }) => operators.some(({ operator }) => operator === 'exists'))) return false;
  // A selection of texts is never all of them.
  const picks = (operator: string): boolean => operator === 'eq' || operator === 'in';
  if (
    condition.kind === 'any' &&
    condition.parts.every((part) => part.kind === 'fact' && part.operators.some((one) => picks(one.operator))) &&
    isText(joint.root)
  )
    return false;
  const test = compiledFor(condition, reasoning);
  return test !== null && isAlways(whole(valuesFor(joint, reasoning), joint.root), (value) => truthWith(test, joint.root, value));
};

/** A bare postmaster has no domain: there the conditions on it fail, as on anything that is absent. */
function* whole(values: Iterable<Scalar | undefined>, root: string): Generator<Scalar | undefined> {
  const isAddress = findFact(root)?.type.name === 'address';
  for (const value of values) if (!isAddress || value === undefined || String(value).includes('@')) yield value;
}

const isText = (root: string): boolean => {
  const definition = findFact(root);
  return definition !== null && valuesOf(definition.type, definition.possible).are === 'texts';
};
