import { condition as compileCondition } from '../../compile/condition.ts';
import type { Scope } from '../../compile/scope.ts';
import type { Test } from '../../compile/test.ts';
import { View } from '../../compile/view.ts';
import { ExpressionBudget } from '../../expression-budget.ts';
import { findFact, keptName } from '../../facts/find.ts';
import type { ConditionSyntax } from '../../syntax.ts';
import { type FactValue, type Scalar, Unknown } from '../../value.ts';
import { type FactCondition, factConditions } from '../guarded.ts';
import { isNever } from './judge.ts';
import type { Leaf } from './leaf.ts';
import { lift } from './lift.ts';
import type { Reasoning } from './reasoning.ts';
import { representatives } from './representatives.ts';
import { valuesOf } from './values.ts';

/*
 * Conditions on one fact, or on an address and its parts. They are judged together, on values of that fact or address, by the
 * evaluator of the relay itself; all other facts are unknown.
 */

/** Conditions of one condition that depend on one thing. */
export interface Joint {
  /** The fact on which they all depend. */
  readonly root: string;
  readonly parts: readonly FactCondition[];
}

/** The fact of which this one is a part, or the fact itself. */
export const rootOf = (fact: string): string => findFact(fact)?.partOf?.fact ?? keptName(fact);

/** Facts that at least two operators test. Sets are left out: each operator may hold for another element. */
export const jointsOf = (condition: ConditionSyntax): readonly Joint[] => {
  const byRoot = new Map<string, FactCondition[]>();
  for (const part of factConditions(condition)) {
    const definition = findFact(part.fact);
    if (definition === null || definition.collection) continue;
    const known = byRoot.get(rootOf(part.fact));
    if (known === undefined) byRoot.set(rootOf(part.fact), [part]);
    else known.push(part);
  }
  return [...byRoot]
    .map(([root, parts]) => ({ root, parts }))
    .filter(({ parts }) => parts.reduce((sum, { operators }) => sum + operators.length, 0) > 1);
};

/** Values of the root that stand for all; `undefined` at the end where that cannot be promised. */
export const valuesFor = ({ root, parts }: Joint, { lists, effort }: Pick<Reasoning, 'lists' | 'effort'>): Iterable<Scalar | undefined> => {
  const definition = findFact(root);
  if (definition === null) return [undefined];
  const leaves = parts.flatMap(({ fact, operators }) => {
    const asked = findFact(fact);
    if (asked === null || asked.partOf?.part === null) return [];
    return operators
      .filter(({ operator }) => operator !== 'exists')
      .map(
        (one): Leaf => ({ operator: one.operator, operand: one.operand.value, type: asked.type, part: asked.partOf?.part ?? undefined }),
      );
  });
  return representatives({ values: valuesOf(definition.type, definition.possible), leaves, lists, effort, lift });
};

/** What was compiled for one site; dropped with its lists. */
const compiled = new WeakMap<Reasoning['lists'], WeakMap<ConditionSyntax, Test | null>>();

/** A compiled condition; `null` if it does not compile, which is reported elsewhere, or uses a list that is too long. */
export const compiledFor = (condition: ConditionSyntax, { lists }: Pick<Reasoning, 'lists'>): Test | null => {
  const tests = compiled.get(lists) ?? new WeakMap<ConditionSyntax, Test | null>();
  compiled.set(lists, tests);
  const known = tests.get(condition);
  if (known !== undefined) return known;
  const scope: Scope = { lists, diagnostics: [], expressions: new ExpressionBudget() };
  const test = compileCondition(condition, scope);
  const sound = scope.diagnostics.length > 0 ? null : test;
  tests.set(condition, sound);
  return sound;
};

const ELSE = new Unknown('not considered');

/** The truth of a condition where the root has this value, and nothing is known of anything else. */
export const truthWith = (test: Test, root: string, value: FactValue): boolean | undefined =>
  test.truth(new View({ get: (fact) => (fact === root ? value : rootOf(fact) === root ? undefined : ELSE) }));

/** Whether no session satisfies both conditions, as far as one thing that both ask about can tell. */
export const excludes = (one: ConditionSyntax, other: ConditionSyntax, reasoning: Reasoning): boolean => {
  const both: ConditionSyntax = { kind: 'all', parts: [one, other], at: one.at };
  const joints = jointsOf(both);
  const test = joints.length === 0 ? null : compiledFor(both, reasoning);
  return test !== null && joints.some((joint) => isNeverTrue(test, joint, reasoning));
};

/** Neither without a value nor with any. */
export const isNeverTrue = (test: Test, joint: Joint, reasoning: Reasoning): boolean =>
  truthWith(test, joint.root, null) === false && isNever(valuesFor(joint, reasoning), (value) => truthWith(test, joint.root, value));
