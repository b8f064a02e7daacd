import { NOWHERE, type Rows } from './rows.ts';

/** Number of owner slots; owners beyond that share, as in stochastic fairness queueing (McKenney 1990). */
export const OWNERS = 16_384;

/** A list of rows per owner, least recently used first. */
export class Owners {
  readonly #rows: Rows;
  readonly #sizes = new Int32Array(OWNERS);
  readonly #oldest = new Int32Array(OWNERS).fill(NOWHERE);
  readonly #newest = new Int32Array(OWNERS).fill(NOWHERE);
  #largest = 0;
  /** Below this size the largest owner has to be searched for again. */
  #largestAbove = 0;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  sizeOf(owner: number): number {
    return this.#sizes[owner] ?? 0;
  }

  /** `NOWHERE` if the owner has no rows. */
  oldestOf(owner: number): number {
    return this.#oldest[owner] ?? NOWHERE;
  }

  /** Adds a row as the newest of an owner. */
  enter(at: number, owner: number): void {
    const { owners, older, newer } = this.#rows;
    const newest = this.#newest[owner] ?? NOWHERE;
    owners[at] = owner;
    older[at] = newest;
    newer[at] = NOWHERE;
    if (newest === NOWHERE) this.#oldest[owner] = at;
    else newer[newest] = at;
    this.#newest[owner] = at;
    this.#sizes[owner] = this.sizeOf(owner) + 1;
  }

  leave(at: number): void {
    const { owners, older, newer } = this.#rows;
    const [owner, before, after] = [owners[at] ?? 0, older[at] ?? NOWHERE, newer[at] ?? NOWHERE];
    if (before === NOWHERE) this.#oldest[owner] = after;
    else newer[before] = after;
    if (after === NOWHERE) this.#newest[owner] = before;
    else older[after] = before;
    this.#sizes[owner] = this.sizeOf(owner) - 1;
  }

  /** The owner with the most rows, or one with nearly as many. */
  largest(): number {
    if (this.sizeOf(this.#largest) > this.#largestAbove) return this.#largest;
    for (let owner = 0; owner < OWNERS; owner++) if (this.sizeOf(owner) > this.sizeOf(this.#largest)) this.#largest = owner;
    this.#largestAbove = Math.floor(this.sizeOf(this.#largest) * 0.9);
    return this.#largest;
  }
}
