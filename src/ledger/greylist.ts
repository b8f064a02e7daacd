/** Durations in milliseconds. */
export interface GreylistPolicy {
  /** How long a new key waits. */
  readonly delay: number;
  /** How long after its first attempt a key may come back. */
  readonly window: number;
  /** How long a key that has passed stays known after each visit. */
  readonly keep: number;
}

/** The state of a key. Epoch milliseconds; `passed` is 0 until it has waited long enough. */
export interface GreylistEntry {
  readonly first: number;
  readonly passed: number;
}

export interface GreylistAnswer {
  readonly mustWait: boolean;
  readonly entry: GreylistEntry;
  /** When the key counts as new again. */
  readonly expires: number;
}

/**
 * Greylisting (RFC 6647, section 2.2): a new key waits, comes back between `delay` and `window` after its
 * first attempt, and is known from then on for `keep` after each visit.
 */
export const greylisted = (known: GreylistEntry | null, now: number, policy: GreylistPolicy): GreylistAnswer => {
  if (known && hasWaited(known, now, policy))
    return { mustWait: false, entry: { first: known.first, passed: now }, expires: now + policy.keep };
  const isWaiting = known !== null && known.passed === 0 && known.first <= now && now - known.first <= policy.window;
  const first = isWaiting ? known.first : now;
  return { mustWait: true, entry: { first, passed: 0 }, expires: first + policy.window };
};

const hasWaited = ({ first, passed }: GreylistEntry, now: number, { delay, window, keep }: GreylistPolicy): boolean =>
  passed > 0 ? now - passed <= keep : now - first >= delay && now - first <= window;
