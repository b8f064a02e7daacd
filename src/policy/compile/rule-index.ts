import { findFact } from '../facts/find.ts';
import { type Scalar, Unknown } from '../value.ts';
import type { CompiledRule } from './rule.ts';
import type { View } from './view.ts';

/*
 * Most rules of a large site begin with «only for this domain» or «only for this address». The index
 * files each such rule under the values with which it can hold at all, so that a judgement looks at those
 * that may hold and passes the others by unread. It never changes an outcome: a rule that is passed by
 * would have been false, whatever its other parts are (false and unknown is false). Where the fact is
 * unknown, all its rules are looked at.
 */

/** From how many rules on a look into the index is cheaper than reading them all. */
const WORTHWHILE = 12;

/** Positions, ascending, of the rules that may hold; `null` for all of them. */
export type RuleIndex = (view: View) => readonly number[] | null;

type Buckets = Map<Scalar, number[]>;

export function indexRules(rules: readonly CompiledRule[]): RuleIndex {
  const always: number[] = [];
  const byFact = new Map<string, Buckets>();
  rules.forEach((rule, position) => {
    if (rule.when.only === null) always.push(position);
    else file(byFact, rule.when.only, position);
  });
  return rules.length - always.length < WORTHWHILE ? () => null : (view) => candidates(view, always, byFact);
}

function file(byFact: Map<string, Buckets>, only: { readonly fact: string; readonly values: readonly Scalar[] }, position: number): void {
  const buckets = byFact.get(only.fact) ?? new Map<Scalar, number[]>();
  byFact.set(only.fact, buckets);
  for (const value of new Set(only.values)) {
    const bucket = buckets.get(value) ?? [];
    buckets.set(value, bucket);
    bucket.push(position);
  }
}

function candidates(view: View, always: readonly number[], byFact: ReadonlyMap<string, Buckets>): readonly number[] {
  const positions = [...always];
  for (const [fact, buckets] of byFact) positions.push(...matching(view, fact, buckets));
  return positions.sort((a, b) => a - b);
}

function matching(view: View, fact: string, buckets: Buckets): readonly number[] {
  const definition = findFact(fact);
  const value = definition === null ? null : view.read(fact, definition);
  if (value instanceof Unknown) return [...new Set([...buckets.values()].flat())];
  return value === null || typeof value === 'object' ? [] : (buckets.get(value) ?? []);
}
