/** What a site lets some of its clients do although standards forbid it. */
export interface Concessions {
  /** `MAIL FROM:a@x` and `RCPT TO:a@x`. */
  readonly bareAddresses: boolean;
  /** More than one word after HELO or EHLO; the first is the name. */
  readonly looseHelo: boolean;
  /** A bare line feed ends a line; in messages it becomes CR LF. */
  readonly bareLf: boolean;
  /** 8-bit bytes in a header become encoded-words before rules see it. */
  readonly encodeHeaders: boolean;
}

/** By default there are none. */
export const NO_CONCESSIONS: Concessions = { bareAddresses: false, looseHelo: false, bareLf: false, encodeHeaders: false };
