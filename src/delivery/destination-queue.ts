import type { DeliveryReport } from '../queue/message.ts';
import type { RateLimit } from './rate.ts';

/** An attempt waiting for its turn. */
export interface DeliveryRequest {
  readonly key: string;
  /** Concurrent deliveries that the route allows for a destination. */
  readonly limit: number;
  readonly rate: RateLimit | null;
  /** An operator wants it tried now, regardless of back-off. */
  readonly urgent: boolean;
  /**
   * Makes the attempt. Never rejects. `admitted` is awaited once the destination is reached, before anything is sent;
   * `misses` is the number of consecutive attempts that reached no host.
   */
  readonly run: (admitted: () => Promise<void>, misses: number) => Promise<Contact>;
  /** The destination is backing off: no host was tried, for this reason. */
  readonly refuse: (trouble: DeliveryReport) => void;
  /** The relay is stopping: nothing was tried. */
  readonly giveBack: () => void;
}

/** Whether the destination answered, and if not, why. */
export interface Contact {
  readonly reached: boolean;
  readonly trouble: DeliveryReport | null;
}

const FIRST_WINDOW = 5;
const FIRST_PAUSE = 30_000;
const LONGEST_PAUSE = 600_000;
/** Share of a retry delay: a recipient due again after the delay, even a tenth early, must not run into a pause. */
const PAUSE_SHARE = 0.8;

/** How long a destination that was not reached backs off, in milliseconds. */
export interface BackOff {
  readonly first: number;
  readonly longest: number;
}

/** The first and the longest pause, shortened if the retry schedule has shorter delays. */
export const backOffFor = (retry: readonly number[]): BackOff => ({
  first: Math.min(FIRST_PAUSE, PAUSE_SHARE * (retry[0] ?? FIRST_PAUSE)),
  longest: Math.min(LONGEST_PAUSE, PAUSE_SHARE * (retry.at(-1) ?? LONGEST_PAUSE)),
});

/**
 * One destination: its waiting requests, running attempts and recent behaviour. Until it has been reached it gets
 * one attempt at a time, then a few, and more with each success, so that a dead host does not cost twenty
 * time-outs at once. When it is not reached, it backs off, each time for twice as long; requests that arrive meanwhile are
 * deferred without an attempt.
 */
export class DestinationQueue {
  readonly waiting: DeliveryRequest[] = [];
  active = 0;
  /** From the latest request, since a reload may change it. */
  #limit = 1;
  /** Waiting for its route's rate limit. */
  paused = false;
  #window = 1;
  #proven = false;
  #failures = 0;
  #shutUntil = 0;
  #trouble: DeliveryReport | null = null;

  /** Adds a request at the end. */
  add(request: DeliveryRequest): void {
    this.#limit = request.limit;
    this.waiting.push(request);
  }

  /** Why the destination is backing off; `null` if it is not. */
  trouble(now: number): DeliveryReport | null {
    return now < this.#shutUntil ? this.#trouble : null;
  }

  /** The next attempt may start. */
  get ready(): boolean {
    return this.waiting.length > 0 && !this.paused && this.active < Math.min(this.#limit, this.#window);
  }

  /** The last attempt reached it. */
  get proven(): boolean {
    return this.#proven;
  }

  /** Consecutive attempts that reached no host. */
  get misses(): number {
    return this.#failures;
  }

  /** Enough requests are waiting: no more should be fetched. */
  get crowded(): boolean {
    return this.waiting.length >= 2 * this.#window;
  }

  /** An attempt ended. */
  ended({ reached, trouble }: Contact, { now, backOff }: { readonly now: number; readonly backOff: BackOff }): void {
    this.active -= 1;
    if (reached) this.#open();
    else if (trouble) this.#shut(trouble, now, backOff);
  }

  #open(): void {
    this.#failures = 0;
    this.#shutUntil = 0;
    this.#window = this.#proven ? Math.min(this.#window + 1, Math.max(this.#limit, FIRST_WINDOW)) : FIRST_WINDOW;
    this.#proven = true;
  }

  #shut(trouble: DeliveryReport, now: number, { first, longest }: BackOff): void {
    this.#trouble = trouble;
    this.#window = 1;
    this.#proven = false;
    if (now < this.#shutUntil) return;
    this.#shutUntil = now + Math.min(first * 2 ** this.#failures, longest);
    this.#failures += 1;
  }

  /** It has no state worth keeping. */
  isIdle(now: number): boolean {
    return this.active === 0 && this.waiting.length === 0 && now >= this.#shutUntil + LONGEST_PAUSE;
  }
}
