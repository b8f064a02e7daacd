import { setMaxListeners } from 'node:events';
import { LookupFailure } from './failure.ts';

interface Flight<Value> {
  readonly landed: Promise<Value>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * Identical questions asked at once are asked once. Who gives up waiting leaves the others undisturbed; when
 * the last has gone, the question itself is given up.
 */
export class Flights<Value> {
  readonly #flights = new Map<string, Flight<Value>>();

  /** `start` runs only if nobody asks for `key` already. Rejects with the flight's failure or, on abort, "given up". */
  join(key: string, start: (signal: AbortSignal) => Promise<Value>, signal: AbortSignal): Promise<Value> {
    if (signal.aborted) return Promise.reject(new LookupFailure('given up', key));
    // One deadline is watched by all look-ups of a hook: that many listeners are no leak.
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
