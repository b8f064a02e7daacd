import { Flights } from './flights.ts';

/** A transaction asks one thing, or a few: more keys drive out the oldest. */
const MOST_KEYS = 8;

/** Answers found out once and kept as long as the memo lives; a failure is asked again. */
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
