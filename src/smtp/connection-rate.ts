/** What a client may save up by not connecting. Seconds of its rate. */
const BURST = 10;

/** How often clients that have been quiet are forgotten. Milliseconds. */
const FORGET = 10_000;

interface Bucket {
  /** New connections it may still make. */
  left: number;
  /** Milliseconds. */
  at: number;
}

/** Counts the new connections of each client against a rate, in a token bucket. */
export class ConnectionRate {
  readonly #perSecond: () => number;
  readonly #buckets = new Map<string, Bucket>();
  #forgot = performance.now();

  /** `perSecond`: new connections of one client; ten times that at once. */
  constructor(perSecond: () => number) {
    this.#perSecond = perSecond;
  }

  /** False: too many of late. Clients of a unix socket, whose key is empty, are not told apart and not counted. */
  take(client: string): boolean {
    if (client === '') return true;
    const now = performance.now();
    if (now - this.#forgot > FORGET) this.#forget(now);
    const most = BURST * this.#perSecond();
    const { left, at } = this.#buckets.get(client) ?? { left: most, at: now };
    const allowed = Math.min(most, left + ((now - at) / 1000) * this.#perSecond());
    this.#buckets.set(client, { left: Math.max(0, allowed - 1), at: now });
    return allowed >= 1;
  }

  /** Whoever has a full bucket again. */
  #forget(now: number): void {
    this.#forgot = now;
    for (const [client, { at }] of this.#buckets) if (now - at > BURST * 1000) this.#buckets.delete(client);
  }
}
