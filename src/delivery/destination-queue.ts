import type { DeliveryReport } from '../queue/message.ts';
import type { RateLimit } from './rate.ts';

/** An attempt that waits for its turn. */
export interface DeliveryRequest {
  readonly key: string;
  /** Deliveries at once that the route allows for a destination. */
  readonly limit: number;
  readonly rate: RateLimit | null;
  /** A person wants it tried now, back-off or not. */
  readonly urgent: boolean;
  /**
   * Makes the attempt. Never rejects. `admitted` is awaited when the destination is reached, before anything is sent;
   * `misses` attempts in a row have reached nobody.
   */
  readonly run: (admitted: () => Promise<void>, misses: number) => Promise<Contact>;
  /** The destination is backing off: no host was tried, and this is why. */
  readonly refuse: (trouble: DeliveryReport) => void;
  /** The relay stops: nothing was tried. */
  readonly giveBack: () => void;
}

/** Whether the destination talked to us, and what it was if it did not. */
export interface Contact {
  readonly reached: boolean;
  readonly trouble: DeliveryReport | null;
}

const FIRST_WINDOW = 5;
const FIRST_PAUSE = 30_000;
const LONGEST_PAUSE = 600_000;
/** Of a delay of the schedule: what is due again after it, a tenth early, is not to be met by a pause. */
const PAUSE_SHARE = 0.8;

/** How long a destination that was not reached is left alone, in milliseconds. */
export interface BackOff {
  readonly first: number;
  readonly longest: number;
}

/** The first pause and the longest; shorter ones where the schedule is in more of a hurry. */
export const backOffFor = (retry: readonly number[]): BackOff => ({
  first: Math.min(FIRST_PAUSE, PAUSE_SHARE * (retry[0] ?? FIRST_PAUSE)),
  longest: Math.min(LONGEST_PAUSE, PAUSE_SHARE * (retry.at(-1) ?? LONGEST_PAUSE)),
});

/**
 * One destination: who waits, how many are under way, and how it has behaved. Until it has been reached
 * it gets one attempt at a time, then a few, and more with each success, so that a dead host is not met by twenty
 * time-outs at once. One failure to reach it shuts the destination for a while that doubles, and what comes meanwhile
 * is deferred without a try.
 */
export class DestinationQueue {
  readonly waiting: DeliveryRequest[] = [];
  active = 0;
  /** Of the request that came last: a reload may change it. */
  #limit = 1;
  /** Waits for its route's rate. */
  paused = false;
  #window = 1;
  #proven = false;
  #failures = 0;
  #shutUntil = 0;
  #trouble: DeliveryReport | null = null;

  /** The end of the line. */
  add(request: DeliveryRequest): void {
    this.#limit = request.limit;
    this.waiting.push(request);
  }

  /** Why nothing goes at present; `null` if it does. */
  trouble(now: number): DeliveryReport | null {
    return now < this.#shutUntil ? this.#trouble : null;
  }

  /** The next one could start. */
  get ready(): boolean {
    return this.waiting.length > 0 && !this.paused && this.active < Math.min(this.#limit, this.#window);
  }

  /** The last attempt reached it. */
  get proven(): boolean {
    return this.#proven;
  }

  /** Attempts in a row that reached nobody. */
  get misses(): number {
    return this.#failures;
  }

  /** As many wait as can be of use: no more should be fetched. */
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

  /** Nothing would be forgotten by dropping it. */
  isIdle(now: number): boolean {
    return this.active === 0 && this.waiting.length === 0 && now >= this.#shutUntil + LONGEST_PAUSE;
  }
}
