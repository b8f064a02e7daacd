interface Entry<Value> {
  readonly value: Value;
  readonly expires: number;
}

/** Values for as long as they are good, and never more than `capacity` of them: the longest unused goes first. */
export class Cache<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #capacity: number;
  readonly #now: () => number;

  constructor(capacity: number, now: () => number) {
    this.#capacity = capacity;
    this.#now = now;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (entry.expires <= this.#now()) return undefined;
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Milliseconds; nothing is kept for 0. */
  set(key: string, value: Value, milliseconds: number): void {
    if (milliseconds <= 0) return;
    this.#entries.delete(key);
    this.#entries.set(key, { value, expires: this.#now() + milliseconds });
    if (this.#entries.size <= this.#capacity) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      break;
    }
  }
}
