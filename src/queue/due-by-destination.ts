/** A first-in, first-out queue that does not move the remaining elements. */
class Fifo<T> {
  #items: T[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    const item = this.#items[this.#head];
    this.#head++;
    if (this.#head > 1000 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }
}

/**
 * Due work, first in, first out per destination. Destinations take turns, so one with a hundred
 * thousand messages delays no other.
 */
export class DueByDestination<T> {
  /** Longest since its last turn first. */
  readonly #due = new Map<string, Fifo<T>>();

  push(destination: string, item: T): void {
    const line = this.#due.get(destination);
    if (line) {
      line.push(item);
      return;
    }
    const fresh = new Fifo<T>();
    fresh.push(item);
    this.#due.set(destination, fresh);
  }

  /** The next item of this destination, or of the one that has waited longest for a turn. */
  shift(destination?: string): T | undefined {
    const name = destination ?? this.#due.keys().next().value;
    const line = name === undefined ? undefined : this.#due.get(name);
    if (name === undefined || !line) return undefined;
    const item = line.shift();
    this.#due.delete(name);
    if (line.length > 0) this.#due.set(name, line);
    return item;
  }

  *sizes(): Generator<{ readonly destination: string; readonly due: number }> {
    for (const [destination, line] of this.#due) yield { destination, due: line.length };
  }
}
