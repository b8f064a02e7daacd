import { Flights } from './flights.ts';

/** A transaction asks for one key or a few; beyond that, the oldest is dropped. */
const MOST_KEYS = 8;

/** Remembers answers for as long as it lives; failures are retried. */
export class Memo<Value> {
  readonly #known = new Map<string, Value>();
  readonly #flights = new Flights<Value>();

  get(key: string, find: (signal: AbortSignal) => Promise<Value>, signal: AbortSignal): Promise<Value> {
    const known = this.#known.get(key);
    if (known !== undefined) return Promise.resolve(known);
    return this.#flights.join(key, (flight) => this.#remember(key, find(flight)), signal);
  }

  async #remember(key: string, finding: Promise<Value>): Promise<Value> {
    const value = await finding;
    this.#known.set(key, value);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KEYS && oldest !== undefined) this.#known.delete(oldest);
    return value;
  }
}
