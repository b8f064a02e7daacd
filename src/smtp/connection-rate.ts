/** How much unused rate a client may save up, in seconds. */
const BURST = 10;

/** How often idle clients are forgotten. Milliseconds. */
const FORGET = 10_000;

/** This host: local applications often open a connection per message. Network limits do not apply to them. */
const OWN_HOST: ReadonlySet<string> = new Set(['', '127.0.0.1', '::']);

interface Bucket {
  /** New connections it may still make. */
  left: number;
  /** Milliseconds. */
  at: number;
}

/** Limits the rate of new connections per client, with token buckets. */
export class ConnectionRate {
  readonly #perSecond: () => number;
  readonly #buckets = new Map<string, Bucket>();
  #forgot = performance.now();

  /** `perSecond`: new connections per client; ten times that in a burst. */
  constructor(perSecond: () => number) {
    this.#perSecond = perSecond;
  }

  /** False: too many recently. `client`: as `clientKey` gives it. Clients on this host are not counted. */
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
