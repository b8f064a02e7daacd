import { findFact } from '../facts/find.ts';
import { FactIndex } from './fact-index.ts';
import type { Key, KeyPart, Test } from './test.ts';
import type { View } from './view.ts';

/*
 * Most rules of a large site begin with "only for this domain" or "only from this network". The index files each such
 * rule under the values of facts with which it can hold at all, so that an evaluation looks at those that may hold and
 * passes the others by unread. It never changes an outcome: a rule that is passed by would have been false,
 * whatever its other parts are (false and unknown is false). Where the fact is unknown, all its rules are looked at.
 *
 * A rule that says several things is filed under the one that the fewest others share.
 */

/** From how many rules on a look into the index is cheaper than reading them all. */
const WORTHWHILE = 12;

/** The rules that may hold, in their order. What it gives is good until it is asked again. */
export type RuleIndex<Rule> = (view: View) => readonly Rule[];

interface Indexed {
  readonly when: Test;
}

/** Files the rules; a step is one of them. */
export function* indexing<Rule extends Indexed>(rules: readonly Rule[]): Generator<void, RuleIndex<Rule>> {
  if (rules.length < WORTHWHILE) return () => rules;
  const shares = new Map<string, number>();
  for (const { when } of rules) {
    for (const key of when.keys) for (const part of key) shares.set(nameOf(part), (shares.get(nameOf(part)) ?? 0) + 1);
    yield;
  }
  const index = new Index(rules);
  for (const [position, { when }] of rules.entries()) {
    index.add(rarest(when.keys, shares), position);
    yield;
  }
  return index.filed < WORTHWHILE ? () => rules : (view) => index.candidates(view);
}

const nameOf = ({ fact, meaning }: KeyPart): string => {
  switch (meaning.means) {
    case 'value':
      return `${fact} = ${typeof meaning.value} ${meaning.value}`;
    case 'network':
      return `${fact} network ${meaning.network.words.join('.')}/${meaning.network.length}`;
    case 'list':
      return `${fact} in ${meaning.name}`;
    default:
      return `${fact} ${meaning.means} ${meaning.text}`;
  }
};

/** A list is asked for each evaluation, so it is the last choice. */
const LIST_COST = 100;

const rarest = (keys: readonly Key[], shares: ReadonlyMap<string, number>): Key | null => {
  const cost = (part: KeyPart): number => (shares.get(nameOf(part)) ?? 0) + (part.meaning.means === 'list' ? LIST_COST : 0);
  let best: Key | null = null;
  let lowest = Number.POSITIVE_INFINITY;
  for (const key of keys) {
    const sum = key.reduce((total, part) => total + cost(part), 0);
    if (sum >= lowest) continue;
    best = key;
    lowest = sum;
  }
  return best;
};

class Index<Rule extends Indexed> {
  readonly #rules: readonly Rule[];
  /** Rules that say nothing the index could use. */
  readonly #always: number[] = [];
  readonly #alwaysRules: Rule[] = [];
  readonly #facts = new Map<string, FactIndex>();
  #asked: readonly FactIndex[] = [];
  /** What was found for the evaluation at hand; kept, so that none has to allocate. */
  readonly #hits: number[] = [];
  #count = 0;
  readonly #merged: Rule[] = [];
  #used = 0;

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
  }

  get filed(): number {
    return this.#rules.length - this.#always.length;
  }

  add(key: Key | null, position: number): void {
    if (key === null) this.#addAlways(position);
    else for (const { fact, meaning } of key) this.#factIndex(fact)?.add(meaning, position);
  }

  candidates(view: View): readonly Rule[] {
    this.#count = 0;
    for (const fact of this.#asked) fact.collect(view, this.#found);
    if (this.#count === 0) return this.#alwaysRules;
    this.#sortHits();
    this.#merge();
    return this.#merged;
  }

  #addAlways(position: number): void {
    const rule = this.#rules[position];
    if (rule === undefined) return;
    this.#always.push(position);
    this.#alwaysRules.push(rule);
  }

  readonly #found = (positions: readonly number[]): void => {
    for (let at = 0; at < positions.length; at++) this.#hits[this.#count++] = positions[at] ?? 0;
  };

  #factIndex(fact: string): FactIndex | null {
    const known = this.#facts.get(fact);
    const definition = findFact(fact);
    if (known || definition === null) return known ?? null;
    const fresh = new FactIndex(fact, definition);
    this.#facts.set(fact, fresh);
    this.#asked = [...this.#facts.values()];
    return fresh;
  }

  /** A few hits are sorted by insertion; many, where a fact is unknown, as a whole. */
  #sortHits(): void {
    if (this.#count > 32) {
      const sorted = Int32Array.from(this.#hits.slice(0, this.#count)).sort();
      for (let at = 0; at < this.#count; at++) this.#hits[at] = sorted[at] ?? 0;
      return;
    }
    for (let at = 1; at < this.#count; at++) {
      const hit = this.#hits[at] ?? 0;
      let to = at;
      for (; to > 0 && (this.#hits[to - 1] ?? 0) > hit; to--) this.#hits[to] = this.#hits[to - 1] ?? 0;
      this.#hits[to] = hit;
    }
  }

  /** Hits and what is always looked at, in one row in order, each once. */
  #merge(): void {
    this.#used = 0;
    let always = 0;
    for (let hit = 0; hit < this.#count; hit++) {
      const position = this.#hits[hit] ?? 0;
      if (hit > 0 && this.#hits[hit - 1] === position) continue;
      for (; (this.#always[always] ?? position) < position; always++) this.#put(this.#always[always] ?? 0);
      this.#put(position);
    }
    for (; always < this.#always.length; always++) this.#put(this.#always[always] ?? 0);
    this.#merged.length = this.#used;
  }

  #put(position: number): void {
    const rule = this.#rules[position];
    if (rule !== undefined) this.#merged[this.#used++] = rule;
  }
}
