/** First in, first out, without moving what is left. */
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
 * What is due, first in first out for each destination. Destinations take turns, so a destination
 * with a hundred thousand messages holds up no other.
 */
export class DueByDestination<T> {
  /** In the order in which they last got a turn. */
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

  /** The next of this destination, or of the one that has waited longest for a turn. */
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
