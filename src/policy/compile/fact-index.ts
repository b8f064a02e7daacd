import type { FactDefinition } from '../fact-definition.ts';
import type { Meaning } from '../meaning.ts';
import { type FactValue, isCollection, type Scalar, Unknown } from '../value.ts';
import { AffixIndex } from './affix-index.ts';
import { NetworkIndex } from './network-index.ts';
import type { View } from './view.ts';

type Found = (positions: readonly number[]) => void;

interface Listed {
  readonly has: (value: Scalar) => boolean;
  readonly positions: number[];
}

/** The rules that can hold only with certain values of one fact, filed by those values. */
export class FactIndex {
  readonly #fact: string;
  readonly #definition: FactDefinition;
  /** Every rule that is filed here. */
  readonly #all: number[] = [];
  readonly #values = new Map<Scalar, number[]>();
  readonly #lists = new Map<string, Listed>();
  #listed: readonly Listed[] = [];
  readonly #starts = new AffixIndex('start');
  readonly #ends = new AffixIndex('end');
  readonly #foldedStarts = new AffixIndex('start');
  readonly #foldedEnds = new AffixIndex('end');
  #networks: NetworkIndex | null = null;

  constructor(fact: string, definition: FactDefinition) {
    this.#fact = fact;
    this.#definition = definition;
  }

  /** Positions come in ascending order. */
  add(meaning: Meaning, position: number): void {
    if (this.#all.at(-1) !== position) this.#all.push(position);
    switch (meaning.means) {
      case 'value':
        this.#addValue(meaning.value, position);
        break;
      case 'start':
      case 'end':
        this.#affixes(meaning.means, meaning.folded).add(meaning.text, position);
        break;
      case 'network':
        this.#networks ??= new NetworkIndex();
        this.#networks.add(meaning.network, position);
        break;
      case 'list':
        this.#addList(meaning, position);
        break;
    }
  }

  /** Calls `found` with ascending positions of all rules that may hold, once or several times. A look-up is not made for it. */
  collect(view: View, found: Found): void {
    const wanted = view.wanted.length;
    const value: FactValue = view.read(this.#fact, this.#definition);
    view.wanted.length = wanted;
    if (value instanceof Unknown) found(this.#all);
    else if (isCollection(value)) {
      for (const element of value) if (typeof element !== 'object') this.#collect(element, found);
    } else if (value !== null) this.#collect(value, found);
  }

  #collect(value: Scalar, found: Found): void {
    const exact = this.#values.get(value);
    if (exact) found(exact);
    for (const { has, positions } of this.#listed) if (has(value)) found(positions);
    const text = typeof value === 'string' ? value : String(value);
    this.#starts.collect(text, found);
    this.#ends.collect(text, found);
    if (!(this.#foldedStarts.isEmpty && this.#foldedEnds.isEmpty)) {
      const folded = text.toLowerCase();
      this.#foldedStarts.collect(folded, found);
      this.#foldedEnds.collect(folded, found);
    }
    this.#networks?.collect(text, found);
  }

  #addValue(value: Scalar, position: number): void {
    const positions = this.#values.get(value);
    if (positions) positions.push(position);
    else this.#values.set(value, [position]);
  }

  #addList({ name, has }: Extract<Meaning, { means: 'list' }>, position: number): void {
    const listed = this.#lists.get(name);
    if (listed) listed.positions.push(position);
    else {
      this.#lists.set(name, { has, positions: [position] });
      this.#listed = [...this.#lists.values()];
    }
  }

  #affixes(end: 'start' | 'end', folded: boolean): AffixIndex {
    if (folded) return end === 'end' ? this.#foldedEnds : this.#foldedStarts;
    return end === 'end' ? this.#ends : this.#starts;
  }
}
