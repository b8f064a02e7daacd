/** How logins are delayed after failures. Durations in milliseconds. */
export interface BackOff {
  /** Failures without a wait. */
  readonly free: number;
  /** The wait after the last free failure; each further failure doubles it. */
  readonly wait: number;
  /** The longest wait; failures are forgotten this long after the last wait ends. */
  readonly most: number;
}

/** `known` asks whether a login has succeeded before, `learn` records that it has; `try` counts a login as failed before it is checked, `succeed` undoes that. */
export type LoginStep =
  | { readonly step: 'known' }
  | { readonly step: 'learn'; readonly keep: number }
  | ({ readonly step: 'try' | 'succeed' } & BackOff);

/** Epoch milliseconds, except `first`: failures so far. No attempt is allowed until `passed`. */
export interface LoginRow {
  readonly expires: number;
  readonly first: number;
  readonly passed: number;
}

/** The answer and the new row; `null`: unchanged. */
export interface LoginAnswer {
  readonly held: boolean;
  readonly row: LoginRow | null;
}

const unchanged = (held: boolean): LoginAnswer => ({ held, row: null });

/** Counting before the check limits concurrent guesses as well as sequential ones. */
export const loginStep = (known: LoginRow | null, now: number, request: LoginStep): LoginAnswer => {
  switch (request.step) {
    case 'known':
      return unchanged(known !== null);
    case 'learn':
      return { held: true, row: { expires: now + request.keep, first: 0, passed: 0 } };
    case 'try':
      return tried(known, now, request);
    case 'succeed':
      return known === null ? unchanged(false) : { held: false, row: { ...known, first: Math.max(0, known.first - 1), passed: 0 } };
  }
};

/** A wait longer than possible stems from another clock, and is ignored. */
const tried = (known: LoginRow | null, now: number, { free, wait, most }: BackOff): LoginAnswer => {
  if (known !== null && known.passed > now && known.passed <= now + most) return unchanged(true);
  const first = (known?.first ?? 0) + 1;
  const passed = first < free ? 0 : now + Math.min(most, wait * 2 ** Math.min(first - free, 30));
  return { held: false, row: { first, passed, expires: Math.max(now, passed) + most } };
};
