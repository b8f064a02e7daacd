import type { Route } from '../policy/decision.ts';

/**
 * Limits the messages of a route per period, spread evenly with a burst of the whole count: GCRA in the
 * virtual scheduling form of ITU-T I.371 annex A.
 */
export class RateLimit {
  readonly #interval: number;
  readonly #tolerance: number;
  #theoretical = 0;

  /** `count` may be a fraction below one: a process's share. */
  constructor(rate: { readonly count: number; readonly milliseconds: number }) {
    this.#interval = rate.milliseconds / rate.count;
    this.#tolerance = Math.max(0, rate.milliseconds - this.#interval);
  }

  /** Milliseconds until the next message may go; 0 means now. */
  wait(now: number): number {
    return Math.max(0, Math.ceil(this.#theoretical - this.#tolerance - now));
  }

  /** Counts a message sent now. */
  take(now: number): void {
    this.#theoretical = Math.max(now, this.#theoretical) + this.#interval;
  }
}

/** The rate limits of all routes; each survives reloads as long as it does not change. */
export class RateLimits {
  readonly #limits = new Map<string, RateLimit>();

  /** `null` if the route has none; if several processes deliver, each gets its share of the count. */
  of({ id, rate }: Route, processes = 1): RateLimit | null {
    if (!rate) return null;
    const key = `${id} ${rate.count}/${rate.milliseconds}`;
    const limit = this.#limits.get(key) ?? new RateLimit({ ...rate, count: rate.count / processes });
    this.#limits.set(key, limit);
    return limit;
  }
}
