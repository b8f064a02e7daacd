export interface Patience {
  /** How long a new key waits. Milliseconds, like all here. */
  readonly delay: number;
  /** How long after its first try it may come again. */
  readonly window: number;
  /** How long one that has waited need not wait again. */
  readonly keep: number;
}

/** What is known of a key. Epoch milliseconds; `passed` is 0 while it has not waited long enough. */
export interface Acquaintance {
  readonly first: number;
  readonly passed: number;
}

export interface Judged {
  readonly mustWait: boolean;
  readonly known: Acquaintance;
  /** From then on the key is a stranger again. */
  readonly expires: number;
}

/**
 * Greylisting (RFC 6647, section 2.2): a stranger waits, comes back between `delay` and `window` after its
 * first try, and is known then for `keep` after each visit.
 */
export const judge = (known: Acquaintance | null, now: number, patience: Patience): Judged => {
  if (known && isWelcome(known, now, patience))
    return { mustWait: false, known: { first: known.first, passed: now }, expires: now + patience.keep };
  const waits = known !== null && known.passed === 0 && known.first <= now && now - known.first <= patience.window;
  const first = waits ? known.first : now;
  return { mustWait: true, known: { first, passed: 0 }, expires: first + patience.window };
};

const isWelcome = ({ first, passed }: Acquaintance, now: number, { delay, window, keep }: Patience): boolean =>
  passed > 0 ? now - passed <= keep : now - first >= delay && now - first <= window;
