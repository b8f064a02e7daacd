/** What a client may save up by not connecting. Seconds of its rate. */
const BURST = 10;

/** How often clients that have been quiet are forgotten. Milliseconds. */
const FORGET = 10_000;

/** The host itself: applications that open a connection per message. Limits of the network do not concern it. */
const OWN_HOST: ReadonlySet<string> = new Set(['', '127.0.0.1', '::']);

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

  /** False: too many of late. `client`: as `clientKey` gives it. Clients on this host are not counted. */
  take(client: string): boolean {
    if (OWN_HOST.has(client)) return true;
    const now = performance.now();
    if (now - this.#forgot > FORGET) this.#forget(now);
    const most = BURST * this.#perSecond();
    const { left, at } = this.#buckets.get(client) ?? { left: most, at: now };
    const allowed = Math.min(most, left + ((now - at) / 1000) * this.#perSecond());
    this.#buckets.set(client, { left: Math.max(0, allowed - 1), at: now });
    return allowed >= 1;
  }

  /** Drops clients whose bucket is full again. */
  #forget(now: number): void {
    this.#forgot = now;
    for (const [client, { at }] of this.#buckets) if (now - at > BURST * 1000) this.#buckets.delete(client);
  }
}
