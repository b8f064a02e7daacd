import type { Pattern, Range } from './pattern.ts';

interface Edge {
  readonly ranges: readonly Range[];
  readonly to: number;
}

/** Larger patterns are left undecided. */
const MOST_STATES = 1500;

class TooLarge extends Error {}

/** A set of states of the automaton, created once. */
export interface Reading {
  readonly number: number;
  readonly states: readonly number[];
  readonly accepts: boolean;
  /** By the class of the next unit. */
  readonly next: (Reading | undefined)[];
}

/** A pattern as a nondeterministic automaton (Thompson), made deterministic lazily. */
export class Automaton {
  readonly #edges: Edge[][] = [];
  readonly #free: number[][] = [];
  readonly #atStart: number[][] = [];
  readonly #atEnd: number[][] = [];
  readonly #final: number;
  readonly #first: number;
  #readings = new Map<string, Reading>();

  private constructor(pattern: Pattern) {
    this.#first = this.#state();
    this.#final = this.#add(pattern, this.#first);
  }

  /** `null` for a pattern that is too large. */
  static of(pattern: Pattern): Automaton | null {
    try {
      return new Automaton(pattern);
    } catch (error) {
      if (error instanceof TooLarge) return null;
      throw error;
    }
  }

  /** The units it tells apart. */
  *ranges(): Iterable<readonly Range[]> {
    for (const edges of this.#edges) for (const { ranges } of edges) yield ranges;
  }

  /** The state before the first unit. Forgets readings made with other classes of units. */
  begin(): Reading {
    this.#readings = new Map();
    return this.#reading(this.#closure([this.#first], [this.#free, this.#atStart]), true);
  }

  /** After a unit, one for all of its class. */
  step(from: Reading, unit: number, unitClass: number): Reading {
    const known = from.next[unitClass];
    if (known !== undefined) return known;
    const reached = from.states.flatMap((state) =>
      (this.#edges[state] ?? []).filter(({ ranges }) => contains(ranges, unit)).map(({ to }) => to),
    );
    const next = this.#reading(this.#closure(reached, [this.#free]), false);
    from.next[unitClass] = next;
    return next;
  }

  #reading(states: readonly number[], isFirst: boolean): Reading {
    const key = `${isFirst}${states.join()}`;
    const known = this.#readings.get(key);
    if (known !== undefined) return known;
    const ends = this.#closure(states, isFirst ? [this.#free, this.#atEnd, this.#atStart] : [this.#free, this.#atEnd]);
    const made: Reading = { number: this.#readings.size, states, accepts: ends.includes(this.#final), next: [] };
    this.#readings.set(key, made);
    return made;
  }

  #closure(states: readonly number[], ways: readonly (readonly number[][])[]): readonly number[] {
    const reached = new Set(states);
    for (const state of reached) for (const way of ways) for (const to of way[state] ?? []) reached.add(to);
    return [...reached].sort((a, b) => a - b);
  }

  #state(): number {
    if (this.#edges.length >= MOST_STATES) throw new TooLarge();
    for (const all of [this.#free, this.#atStart, this.#atEnd]) all.push([]);
    return this.#edges.push([]) - 1;
  }

  /** Adds what leads from a state through the pattern; the state behind it. */
  #add(pattern: Pattern, from: number): number {
    switch (pattern.is) {
      case 'sequence':
        return pattern.parts.reduce((at, part) => this.#add(part, at), from);
      case 'choice': {
        const end = this.#state();
        for (const part of pattern.parts) this.#free[this.#add(part, from)]?.push(end);
        return end;
      }
      case 'repeat':
        return this.#addRepeat(pattern, from);
      case 'unit': {
        const to = this.#state();
        this.#edges[from]?.push({ ranges: pattern.ranges, to });
        return to;
      }
      default: {
        const to = this.#state();
        (pattern.is === 'start' ? this.#atStart : this.#atEnd)[from]?.push(to);
        return to;
      }
    }
  }

  #addRepeat({ part, least, most }: Extract<Pattern, { is: 'repeat' }>, from: number): number {
    let at = from;
    for (let count = 0; count < least; count += 1) at = this.#add(part, at);
    if (most === null) return this.#addLoop(part, at);
    const end = this.#state();
    for (let count = least; count < most; count += 1) {
      this.#free[at]?.push(end);
      at = this.#add(part, at);
    }
    this.#free[at]?.push(end);
    return end;
  }

  /** The loop has a state of its own, so that nothing that leads to it can be left by its way. */
  #addLoop(part: Pattern, from: number): number {
    const loop = this.#state();
    this.#free[from]?.push(loop);
    this.#free[this.#add(part, loop)]?.push(loop);
    const end = this.#state();
    this.#free[loop]?.push(end);
    return end;
  }
}

export const contains = (ranges: readonly Range[], unit: number): boolean => ranges.some(([first, last]) => unit >= first && unit <= last);
