import type { Key } from './request.ts';

/*
 * Fixed-size rows in typed arrays, indexed by key through open addressing with linear probing. They are outside the
 * JavaScript heap, so half a million of them cost the garbage collector nothing, and their size is exact.
 */

/** Bytes per row: key, three timestamps, owner, two links, two index slots. */
export const ROW_BYTES = 58;

const FIRST_CAPACITY = 1_024;

/** What is kept for a key. Epoch milliseconds; `first` and `passed` are 0 for a limit. */
export interface Row {
  readonly expires: number;
  readonly first: number;
  readonly passed: number;
}

export const NOWHERE = -1;

const grown = <T extends Float64Array | Uint32Array | Uint16Array | Int32Array>(array: T, larger: T): T => {
  larger.set(array);
  return larger;
};

const indexFor = (capacity: number): Int32Array => new Int32Array(2 ** Math.ceil(Math.log2(2 * capacity))).fill(NOWHERE);

export class Rows {
  readonly #most: number;
  #capacity: number;
  #keys: Uint32Array<ArrayBuffer>;
  #times: Float64Array<ArrayBuffer>;
  #index: Int32Array;
  /** List of free rows, linked through `newer`. */
  #free = NOWHERE;
  /** Rows from this one on have never been used. */
  #unused = 0;
  #size = 0;
  /** The owner of each row, a 16-bit number. */
  owners: Uint16Array<ArrayBuffer>;
  /** Neighbours in the list of the same owner. */
  older: Int32Array<ArrayBuffer>;
  newer: Int32Array<ArrayBuffer>;

  /** `most`: maximum number of rows. */
  constructor(most: number) {
    this.#most = most;
    this.#capacity = Math.min(FIRST_CAPACITY, most);
    this.#keys = new Uint32Array(4 * this.#capacity);
    this.#times = new Float64Array(3 * this.#capacity);
    this.owners = new Uint16Array(this.#capacity);
    this.older = new Int32Array(this.#capacity);
    this.newer = new Int32Array(this.#capacity);
    this.#index = indexFor(this.#capacity);
  }

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#size >= this.#most;
  }

  /** Rows are numbered below this; not all of them are in use. */
  get end(): number {
    return this.#unused;
  }

  isUsed(at: number): boolean {
    return this.find(this.keyAt(at)) === at;
  }

  keyAt(at: number): Key {
    const keys = this.#keys;
    return [keys[4 * at] ?? 0, keys[4 * at + 1] ?? 0, keys[4 * at + 2] ?? 0, keys[4 * at + 3] ?? 0];
  }

  expires(at: number): number {
    return this.#times[3 * at] ?? 0;
  }

  row(at: number): Row {
    return { expires: this.expires(at), first: this.#times[3 * at + 1] ?? 0, passed: this.#times[3 * at + 2] ?? 0 };
  }

  set(at: number, { expires, first, passed }: Row): void {
    this.#times[3 * at] = expires;
    this.#times[3 * at + 1] = first;
    this.#times[3 * at + 2] = passed;
  }

  /** `NOWHERE` if there is no row for this key. */
  find(key: Key): number {
    return this.#index[this.#placeOf(key)] ?? NOWHERE;
  }

  /** Adds a row for a key that has none. There must be room. */
  add(key: Key): number {
    if (this.#free === NOWHERE && this.#unused === this.#capacity) this.#grow();
    const at = this.#free === NOWHERE ? this.#unused++ : this.#free;
    if (at === this.#free) this.#free = this.newer[at] ?? NOWHERE;
    this.#keys.set(key, 4 * at);
    this.#index[this.#placeOf(key)] = at;
    this.#size++;
    return at;
  }

  remove(at: number): void {
    this.#close(this.#placeOf(this.keyAt(at)));
    this.newer[at] = this.#free;
    this.#free = at;
    this.#size--;
  }

  /** The key's slot in the index, or the slot where it would go. */
  #placeOf(key: Key): number {
    const mask = this.#index.length - 1;
    let place = key[0] & mask;
    for (;;) {
      const at = this.#index[place] ?? NOWHERE;
      if (at === NOWHERE || this.#isKey(at, key)) return place;
      place = (place + 1) & mask;
    }
  }

  #isKey(at: number, key: Key): boolean {
    const keys = this.#keys;
    return keys[4 * at] === key[0] && keys[4 * at + 1] === key[1] && keys[4 * at + 2] === key[2] && keys[4 * at + 3] === key[3];
  }

  /** Empties a slot and moves later entries that could no longer be found. */
  #close(emptied: number): void {
    const mask = this.#index.length - 1;
    let hole = emptied;
    this.#index[hole] = NOWHERE;
    for (let place = (hole + 1) & mask; ; place = (place + 1) & mask) {
      const at = this.#index[place] ?? NOWHERE;
      if (at === NOWHERE) return;
      const home = (this.#keys[4 * at] ?? 0) & mask;
      if (((place - home) & mask) < ((place - hole) & mask)) continue;
      this.#index[hole] = at;
      this.#index[place] = NOWHERE;
      hole = place;
    }
  }

  #grow(): void {
    const capacity = Math.min(2 * this.#capacity, this.#most);
    this.#keys = grown(this.#keys, new Uint32Array(4 * capacity));
    this.#times = grown(this.#times, new Float64Array(3 * capacity));
    this.owners = grown(this.owners, new Uint16Array(capacity));
    this.older = grown(this.older, new Int32Array(capacity));
    this.newer = grown(this.newer, new Int32Array(capacity));
    this.#capacity = capacity;
    this.#index = indexFor(capacity);
    for (let at = 0; at < this.#unused; at++) this.#index[this.#placeOf(this.keyAt(at))] = at;
  }
}
