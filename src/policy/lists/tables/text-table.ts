import { randomInt } from 'node:crypto';

/*
 * A set of texts in two flat arrays, so that a million entries cost no million objects and can be handed to another
 * thread as they are. `bytes` holds the texts one after the other: a code unit below 0x80 is one byte, any other
 * three (ESCAPE, high, low), and END closes each. `slots` is an open-addressing table with linear probing, at most
 * half full: the offset of a text plus one, or 0; its last element is the seed of the hash.
 */

export type TextTableData = readonly [bytes: Uint8Array, slots: Int32Array];

const ESCAPE = 0xff;
const END = 0xfe;

/** FNV-1a over code units, then mixed so that the low bits depend on all of them (the finaliser of MurmurHash3). */
const hashOf = (seed: number, text: string, from: number, to: number): number => {
  let hash = seed;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
};

export class TextTable {
  readonly #bytes: Uint8Array;
  readonly #slots: Int32Array;
  readonly #mask: number;
  readonly #seed: number;

  constructor([bytes, slots]: TextTableData) {
    this.#bytes = bytes;
    this.#slots = slots;
    this.#mask = slots.length - 2;
    this.#seed = slots[slots.length - 1] ?? 0;
  }

  get isEmpty(): boolean {
    return this.#bytes.length === 0;
  }

  /** Whether the part of `text` from `from` to `to` (exclusive) is one of the texts. Allocates nothing. */
  has(text: string, from = 0, to = text.length): boolean {
    if (this.isEmpty) return false;
    let slot = hashOf(this.#seed, text, from, to) & this.#mask;
    for (;;) {
      const offset = this.#slots[slot] ?? 0;
      if (offset === 0) return false;
      if (this.#isAt(offset - 1, text, from, to)) return true;
      slot = (slot + 1) & this.#mask;
    }
  }

  #isAt(offset: number, text: string, from: number, to: number): boolean {
    const bytes = this.#bytes;
    let place = offset;
    for (let at = from; at < to; at++) {
      const unit = text.charCodeAt(at);
      if (unit < 0x80) {
        if (bytes[place++] !== unit) return false;
      } else {
        if (bytes[place] !== ESCAPE || bytes[place + 1] !== unit >> 8 || bytes[place + 2] !== (unit & 0xff)) return false;
        place += 3;
      }
    }
    return bytes[place] === END;
  }
}

/** Random, so that nobody can write a list of colliding entries. */
const SEED = randomInt(2 ** 31);

/** Bytes up to which a copy costs more than what it would save. */
const SMALL = 1024;

const NONE: TextTableData = [new Uint8Array(0), Int32Array.of(0, 0, SEED)];

/** Takes texts one by one. */
export class TextTableBuilder {
  readonly #seed: number;
  #bytes = new Uint8Array(0);
  #used = 0;
  #offsets = new Int32Array(0);
  #hashes = new Int32Array(0);
  #count = 0;

  constructor(seed = SEED) {
    this.#seed = seed;
  }

  add(text: string): void {
    if (this.#count === this.#offsets.length) this.#growCount();
    if (this.#used + 3 * text.length + 1 > this.#bytes.length) this.#growBytes(3 * text.length + 1);
    this.#offsets[this.#count] = this.#used;
    this.#hashes[this.#count++] = hashOf(this.#seed, text, 0, text.length);
    for (let at = 0; at < text.length; at++) this.#write(text.charCodeAt(at));
    this.#bytes[this.#used++] = END;
  }

  /** The finished table, no larger than it has to be. */
  build(): TextTableData {
    if (this.#count === 0) return NONE;
    let capacity = 2;
    while (capacity < 2 * this.#count) capacity *= 2;
    const slots = new Int32Array(capacity + 1);
    slots[capacity] = this.#seed;
    for (let index = 0; index < this.#count; index++) this.#place(slots, capacity - 1, index);
    return [this.#used > SMALL ? this.#bytes.slice(0, this.#used) : this.#bytes.subarray(0, this.#used), slots];
  }

  /** A text that is there already takes a slot of its own; nothing finds the second one. */
  #place(slots: Int32Array, mask: number, index: number): void {
    let slot = (this.#hashes[index] ?? 0) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = (this.#offsets[index] ?? 0) + 1;
  }

  #write(unit: number): void {
    if (unit < 0x80) this.#bytes[this.#used++] = unit;
    else {
      this.#bytes[this.#used++] = ESCAPE;
      this.#bytes[this.#used++] = unit >> 8;
      this.#bytes[this.#used++] = unit & 0xff;
    }
  }

  #growBytes(more: number): void {
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#bytes.length + more));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }

  #growCount(): void {
    this.#offsets = doubled(this.#offsets);
    this.#hashes = doubled(this.#hashes);
  }
}

const doubled = (small: Int32Array): Int32Array<ArrayBuffer> => {
  const larger = new Int32Array(Math.max(2 * small.length, 1));
  larger.set(small);
  return larger;
};
