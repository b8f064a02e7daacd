import { setMaxListeners } from 'node:events';
import { LookupFailure } from './failure.ts';

interface Flight<Value> {
  readonly landed: Promise<Value>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * Merges identical concurrent queries into one. A caller that stops waiting does not affect the others; when
 * the last one has stopped, the query itself is cancelled.
 */
export class Flights<Value> {
  readonly #flights = new Map<string, Flight<Value>>();

  /** `start` runs only if there is no query for `key` yet. Rejects with the query's failure or, on abort, "given up". */
  join(key: string, start: (signal: AbortSignal) => Promise<Value>, signal: AbortSignal): Promise<Value> {
    if (signal.aborted) return Promise.reject(new LookupFailure('given up', key));
    // All look-ups of a hook share one signal: many listeners are not a leak.
    setMaxListeners(0, signal);
    const flight = this.#flights.get(key) ?? this.#depart(key, start);
    flight.waiting += 1;
    return new Promise<Value>((resolve, reject) => {
      const leave = (): void => {
        reject(new LookupFailure('given up', key));
        this.#left(key, flight);
      };
      signal.addEventListener('abort', leave, { once: true });
      flight.landed.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  #depart(key: string, start: (signal: AbortSignal) => Promise<Value>): Flight<Value> {
    const controller = new AbortController();
    const landed = start(controller.signal).finally(() => this.#forget(key, flight));
    const flight: Flight<Value> = { landed, controller, waiting: 0 };
    this.#flights.set(key, flight);
    return flight;
  }

  #left(key: string, flight: Flight<Value>): void {
    flight.waiting -= 1;
    if (flight.waiting > 0) return;
    this.#forget(key, flight);
    flight.controller.abort();
  }

  #forget(key: string, flight: Flight<Value>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
