interface Due<T> {
  readonly at: number;
  readonly item: T;
}

/** A binary heap ordered by due time, earliest on top. */
export class DueHeap<T> {
  readonly #heap: Due<T>[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** Due time of the earliest item in epoch milliseconds; `null` if empty. */
  get earliest(): number | null {
    return this.#heap[0]?.at ?? null;
  }

  push(at: number, item: T): void {
    const entry = { at, item };
    let index = this.#heap.length;
    this.#heap.push(entry);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = this.#heap[above];
      if (!parent || parent.at <= at) break;
      this.#heap[index] = parent;
      index = above;
    }
    this.#heap[index] = entry;
  }

  /** Removes and returns the earliest item if it is due at `now`. */
  pop(now: number): T | undefined {
    const top = this.#heap[0];
    if (!top || top.at > now) return undefined;
    const last = this.#heap.pop();
    if (last && this.#heap.length > 0) this.#sink(last);
    return top.item;
  }

  #sink(entry: Due<T>): void {
    let index = 0;
    for (;;) {
      const child = this.#earlierChild(index);
      const below = this.#heap[child];
      if (!below || below.at >= entry.at) break;
      this.#heap[index] = below;
      index = child;
    }
    this.#heap[index] = entry;
  }

  #earlierChild(index: number): number {
    const left = this.#heap[2 * index + 1];
    const right = this.#heap[2 * index + 2];
    return left && right && right.at < left.at ? 2 * index + 2 : 2 * index + 1;
  }
}
