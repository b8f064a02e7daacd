/*
 * How far the bytes of a message need no attention, found sixteen at a time by a few lines of WebAssembly: a loop over
 * bytes in JavaScript takes twenty times as long and was a fifth of what a large message cost. Where there is no
 * WebAssembly with SIMD (`node --jitless`), nothing is found and every byte is looked at.
 */

/** Bytes that are looked at in one go. */
const ROOM = 64 * 1024;
const WIDTH = 16;

const NUL = 0;
const LF = 10;
const CR = 13;
const DOT = 46;

/** Parameters and variables of the function below. */
const slot = { at: 0, last: 1, bytes: 2, behind: 3, found: 4 } as const;

const get = (index: number): readonly number[] => [0x20, index];
const set = (index: number): readonly number[] => [0x21, index];
/** Loads sixteen bytes from `at` plus this offset. */
const load = (offset: number): readonly number[] => [...get(slot.at), 0xfd, 0x00, 0x00, offset];
/** Which of the bytes equal this one. */
const equal = (index: number, byte: number): readonly number[] => [...get(index), 0x41, byte, 0xfd, 0x0f, 0xfd, 0x23];
const [and, or, xor, bitmask] = [0x4e, 0x50, 0x51, 0x64].map((code) => [0xfd, code]);
const beyond = [...get(slot.at), 0x41, WIDTH, 0x6a];

/**
 * `find(at, last)`: the first place from which the byte behind it is a NUL, half of a CR LF without the other, or a dot that
 * begins a line; or a place from which fewer than seventeen bytes are left up to `last`.
 */
const find = [
  ...[2, 2, 0x7b, 1, 0x7f], // two vectors, one integer
  ...[0x02, 0x40, 0x03, 0x40], // block, loop
  ...[...beyond, ...get(slot.last), 0x4b, 0x0d, 1], // leave the block if at + 16 > last
  ...[...load(0), ...set(slot.bytes), ...load(1), ...set(slot.behind)],
  ...equal(slot.behind, NUL),
  ...[...equal(slot.bytes, CR), ...equal(slot.behind, LF), ...(xor ?? []), ...(or ?? [])],
  ...[...equal(slot.bytes, LF), ...equal(slot.behind, DOT), ...(and ?? []), ...(or ?? [])],
  ...[...(bitmask ?? []), 0x22, slot.found, 0x04, 0x40], // if any
  ...[...get(slot.at), ...get(slot.found), 0x68, 0x6a, 0x0f, 0x0b], // return at + its place
  ...[...beyond, ...set(slot.at), 0x0c, 0, 0x0b, 0x0b], // at += 16, again
  ...[...get(slot.at), 0x0b],
];

const section = (id: number, content: readonly number[]): readonly number[] => [id, content.length, ...content];
const named = (name: string, ...kind: readonly number[]): readonly number[] => [name.length, ...Buffer.from(name), ...kind];

const MODULE = Uint8Array.from([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...section(1, [1, 0x60, 2, 0x7f, 0x7f, 1, 0x7f]), // type: two integers -> one
  ...section(3, [1, 0]),
  ...section(5, [1, 1, 2, 2]), // memory: two pages of 64 KiB
  ...section(7, [2, ...named('memory', 2, 0), ...named('find', 0, 0)]),
  ...section(10, [1, find.length, ...find]),
]);

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly find: (at: number, last: number) => number;
}

// The library of ECMAScript that TypeScript brings does not know it.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Exports };
};

const compiled = (): Exports | null => {
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(MODULE)).exports;
  } catch {
    return null;
  }
};

/** Looks at one chunk after the other; `open` forgets the one before. */
export class PlainRuns {
  readonly #code: Exports | null;
  readonly #memory: Uint8Array;
  #bytes: Uint8Array = Buffer.alloc(0);
  /** The part of the chunk that stands in the memory. */
  #from = 0;
  #to = 0;

  constructor(code: Exports | null) {
    this.#code = code;
    this.#memory = new Uint8Array(code?.memory.buffer ?? new ArrayBuffer(0));
  }

  /** Bytes that `end` has already passed may be overwritten. */
  open(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#from = 0;
    this.#to = 0;
  }

  /**
   * The byte at `at` has been read. Those behind it, up to the returned place and including it, need no attention: no NUL, CR and
   * LF only together, no dot that begins a line. What comes then may need some.
   */
  end(at: number): number {
    if (this.#code === null || this.#bytes.length - at <= WIDTH) return at;
    if (at < this.#from || at + WIDTH >= this.#to) this.#bring(at);
    return this.#code.find(at - this.#from, this.#to - this.#from - 1) + this.#from;
  }

  #bring(at: number): void {
    this.#from = at;
    this.#to = Math.min(this.#bytes.length, at + ROOM);
    this.#memory.set(this.#bytes.subarray(at, this.#to));
  }
}

/** One for all, since a chunk is looked at from its start to its end without a break. */
export const plainRuns = new PlainRuns(compiled());

/** Bytes to read one by one where something was found, before asking again: more may be near. */
export const STRETCH = 32;
