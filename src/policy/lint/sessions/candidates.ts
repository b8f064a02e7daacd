import type { ConditionSyntax } from '../../syntax.ts';
import type { Scalar } from '../../value.ts';
import { type FactCondition, factConditions } from '../guarded.ts';
import { listAsked, operatorUses } from '../operator-uses.ts';
import { compiledFor, rootOf, truthWith, valuesFor } from '../values/joint.ts';
import type { Reasoning } from '../values/reasoning.ts';

/* Values that a client would have to state to meet a condition. */

const MOST_TRIED = 60;

const MOST_ENTRIES = 3;

/** Values of a fact for which the most of what the conditions ask about it holds, at most `most`. */
export const candidates = (
  conditions: readonly ConditionSyntax[],
  { root, most }: { readonly root: string; readonly most: number },
  reasoning: Reasoning,
): readonly string[] => {
  const parts = conditions.flatMap(factConditions).filter((part) => rootOf(part.fact) === root);
  if (parts.length === 0) return [];
  const tests = parts.map((part) => compiledFor(part, reasoning));
  const held = (value: Scalar): number => tests.filter((test) => test === null || truthWith(test, root, value) === true).length;
  const ranked = tried(parts, root, reasoning)
    .map((value) => ({ value, holds: held(value) }))
    .filter(({ holds }) => holds > 0);
  return ranked
    .sort((a, b) => b.holds - a.holds)
    .slice(0, most)
    .map(({ value }) => value);
};

const tried = (parts: readonly FactCondition[], root: string, reasoning: Reasoning): readonly string[] => {
  const found = new Set(parts.flatMap((part) => listedValues(part, root, reasoning)));
  for (const value of valuesFor({ root, parts }, reasoning)) {
    if (value === undefined || found.size >= MOST_TRIED) break;
    if (isWellFormed(String(value), root)) found.add(String(value));
  }
  return [...found];
};

/** Addresses as a client may write them without quotes. */
const isWellFormed = (value: string, root: string): boolean => !root.endsWith('.address') || /^[\w.+=-]+@[\w.-]+$/.test(value);

/** Of a list: its first entries, as values of the root. */
const listedValues = (part: FactCondition, root: string, { named }: Reasoning): readonly string[] =>
  operatorUses(part).flatMap((use) => {
    const list = listAsked(use);
    const entries = list === null || use.operator !== 'in' ? [] : (named.get(list)?.entries.slice(0, MOST_ENTRIES) ?? []);
    return entries.flatMap(({ text }) => asValue(text, part.fact, root));
  });

const asValue = (text: string, fact: string, root: string): readonly string[] => {
  const plain = text
    .replace(/^(@?)\./, '$1sub.')
    .replace(/\*/g, 'a')
    .replace(/\?/g, 'a')
    .toLowerCase();
  if (fact === root && root.endsWith('.address'))
    return [plain.startsWith('@') ? `a${plain}` : plain].filter((one) => isWellFormed(one, root));
  if (fact === root) return [plain];
  return fact.endsWith('.domain') ? [`a@${plain}`] : [];
};
