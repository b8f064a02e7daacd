/** Recipients per transaction that every next hop must accept (RFC 5321 4.5.3.1.8). */
const MOST = 100;

/** How long a next hop's limit is remembered. Milliseconds. */
const REMEMBERED = 60 * 60_000;

/** How many destinations are remembered, most recent first; about 2 MB. */
const KNOWN = 10_000;

/**
 * How many recipients a transaction with a destination may have: what the route says, but no more than the next hop
 * has recently accepted. One that answers 452 to the eleventh gets ten from then on, instead of the same refusals with
 * every message. Forgotten after an hour, since limits change.
 */
export class RecipientLimits {
  readonly #learned = new Map<string, { readonly most: number; readonly at: number }>();

  /** The next hop took `most` recipients and had no room for more; `now` in milliseconds. */
  learn(key: string, most: number, now: number): void {
    this.#learned.delete(key);
    this.#learned.set(key, { most, at: now });
    const [oldest] = this.#learned.keys();
    if (this.#learned.size > KNOWN && oldest !== undefined) this.#learned.delete(oldest);
  }

  /** At least 1; `wanted`: what the route says. */
  of(key: string, wanted: number | undefined, now: number): number {
    const learned = this.#learned.get(key);
    const most = learned !== undefined && now - learned.at < REMEMBERED ? learned.most : MOST;
    return Math.max(1, Math.min(wanted ?? MOST, most));
  }
}
