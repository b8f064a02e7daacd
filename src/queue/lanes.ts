/** First in, first out, without moving what is left. */
class Line<T> {
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
 * What is due, a lane for each destination. Lanes get their turns one after the other, so a destination
 * with a hundred thousand messages holds up no other.
 */
export class Lanes<T> {
  /** In the order in which they last got a turn. */
  readonly #lanes = new Map<string, Line<T>>();

  push(destination: string, item: T): void {
    const lane = this.#lanes.get(destination);
    if (lane) {
      lane.push(item);
      return;
    }
    const fresh = new Line<T>();
    fresh.push(item);
    this.#lanes.set(destination, fresh);
  }

  /** The next of this destination, or of the one that has waited longest for a turn. */
  shift(destination?: string): T | undefined {
    const name = destination ?? this.#lanes.keys().next().value;
    const lane = name === undefined ? undefined : this.#lanes.get(name);
    if (name === undefined || !lane) return undefined;
    const item = lane.shift();
    this.#lanes.delete(name);
    if (lane.length > 0) this.#lanes.set(name, lane);
    return item;
  }

  *sizes(): Generator<{ readonly destination: string; readonly due: number }> {
    for (const [destination, lane] of this.#lanes) yield { destination, due: lane.length };
  }
}
