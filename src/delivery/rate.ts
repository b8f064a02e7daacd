import type { Route } from '../policy/decision.ts';

/**
 * How many messages a route takes in a time, spread evenly with a burst of the whole count: GCRA, the
 * virtual scheduling form of ITU-T I.371 annex A.
 */
export class RateLimit {
  readonly #interval: number;
  readonly #tolerance: number;
  #theoretical = 0;

  /** `count` may be less than one: a share of it. */
  constructor(rate: { readonly count: number; readonly milliseconds: number }) {
    this.#interval = rate.milliseconds / rate.count;
    this.#tolerance = Math.max(0, rate.milliseconds - this.#interval);
  }

  /** Milliseconds until one more may go; 0 now. */
  wait(now: number): number {
    return Math.max(0, Math.ceil(this.#theoretical - this.#tolerance - now));
  }

  /** One goes now. */
  take(now: number): void {
    this.#theoretical = Math.max(now, this.#theoretical) + this.#interval;
  }
}

/** The rates of all routes, each kept through reloads for as long as it stays the same. */
export class RateLimits {
  readonly #limits = new Map<string, RateLimit>();

  /** `null` if the route has none; where several processes deliver, each has its share of the count. */
  of({ id, rate }: Route, processes = 1): RateLimit | null {
    if (!rate) return null;
    const key = `${id} ${rate.count}/${rate.milliseconds}`;
    const limit = this.#limits.get(key) ?? new RateLimit({ ...rate, count: rate.count / processes });
    this.#limits.set(key, limit);
    return limit;
  }
}
