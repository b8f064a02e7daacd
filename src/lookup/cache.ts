interface Entry<Value> {
  readonly value: Value;
  readonly size: number;
  readonly expires: number;
}

export interface CacheLimits {
  /** Bytes of all entries. */
  readonly total: number;
  /** Bytes of one entry: larger ones are not kept, since a few would evict thousands. */
  readonly entry: number;
}

/** What an entry takes in addition to key and value: a map slot, the entry object, its numbers. */
const OVERHEAD = 200;

/** Caches values until they expire, within a limit in bytes; evicts the least recently used first. */
export class Cache<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #limits: CacheLimits;
  readonly #sizeOf: (value: Value) => number;
  readonly #now: () => number;
  #bytes = 0;

  constructor(limits: CacheLimits, sizeOf: (value: Value) => number, now: () => number) {
    this.#limits = limits;
    this.#sizeOf = sizeOf;
    this.#now = now;
  }

  /** Bytes of all entries. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#delete(key);
    if (entry.expires <= this.#now()) return undefined;
    this.#add(key, entry);
    return entry.value;
  }

  /** Milliseconds; 0 keeps nothing. */
  set(key: string, value: Value, milliseconds: number): void {
    this.#delete(key);
    const size = OVERHEAD + key.length + this.#sizeOf(value);
    if (milliseconds <= 0 || size > this.#limits.entry) return;
    this.#add(key, { value, size, expires: this.#now() + milliseconds });
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#limits.total) return;
      this.#delete(oldest);
    }
  }

  #add(key: string, entry: Entry<Value>): void {
    this.#entries.set(key, entry);
    this.#bytes += entry.size;
  }

  #delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= entry.size;
  }
}
