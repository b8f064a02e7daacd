import { condition as compileCondition } from '../../../policy/compile/condition.ts';
import { View } from '../../../policy/compile/view.ts';
import { ExpressionBudget } from '../../../policy/expression-budget.ts';
import { findFact, keptName } from '../../../policy/facts/find.ts';
import type { Truth } from '../../../policy/truth.ts';
import type { FactValue } from '../../../policy/value.ts';
import type { Site } from '../../loading/load.ts';
import { candidates } from './candidates.ts';
import type { Requirement, Requirements } from './requirements.ts';

/** Facts and what they are given. */
export type Assignment = ReadonlyMap<string, FactValue>;

const rootOf = (fact: string): string => findFact(fact)?.partOf?.fact ?? keptName(fact);

const byRoot = (all: Requirements): ReadonlyMap<string, readonly Requirement[]> => {
  const roots = new Map<string, readonly Requirement[]>();
  for (const one of all) roots.set(rootOf(one.fact), [...(roots.get(rootOf(one.fact)) ?? []), one]);
  return roots;
};

/** How one operator comes out where the root has a value. */
const truthFor = ({ fact, operator }: Requirement, root: string, { policy }: Site): ((value: FactValue) => Truth) => {
  const syntax = { kind: 'fact', fact, operators: [operator], at: operator.at, factAt: operator.at } as const;
  const test = compileCondition(syntax, { lists: policy.lists, diagnostics: [], expressions: new ExpressionBudget() });
  return (value) => test.truth(new View({ get: (name) => (name === root ? value : undefined) }));
};

/** What earlier rules leave behind is not given: sessions that have it are to be found among those of tests. */
const isGivable = (root: string): boolean => findFact(root)?.provider !== 'rules';

/** A value for every fact that the requirements speak of; `null` where none was found for one of them. */
export const solve = (requirements: Requirements, site: Site): Assignment | null => {
  const found = new Map<string, FactValue>();
  for (const [root, asked] of byRoot(requirements)) {
    if (!isGivable(root)) continue;
    const value = firstFitting(root, asked, site);
    if (value === undefined) return null;
    found.set(root, value);
  }
  return found;
};

const firstFitting = (root: string, asked: readonly Requirement[], site: Site): FactValue | undefined => {
  const tests = asked.map((one) => ({ wanted: one.truth, truth: truthFor(one, root, site) }));
  for (const value of candidates(root, asked, site)) if (tests.every(({ wanted, truth }) => truth(value) === wanted)) return value;
  return undefined;
};
