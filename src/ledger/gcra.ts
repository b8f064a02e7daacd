/*
 * The generic cell rate algorithm, in its virtual scheduling form: ATM Forum, Traffic Management
 * Specification 4.0, section 4.4.3 and annex; ITU-T I.371. One number is kept per key, the theoretical arrival
 * time of the next event. Each event of cost c moves it c times per/max ahead; an event that would move it
 * further than `per` ahead of the present does not conform, and moves nothing. So at most `max` come at once,
 * and over any stretch of time no more than `max` in each `per` beyond those.
 */

export interface Rate {
  readonly cost: number;
  readonly max: number;
  /** Milliseconds. */
  readonly per: number;
}

/**
 * The next theoretical arrival time if the event conforms, else `null`. Epoch milliseconds; `arrival` is 0 for a new key.
 * An arrival further ahead than the rate allows comes from another clock or another rule, and is ignored.
 */
export const conforming = (arrival: number, now: number, rate: Rate): number | null => {
  const known = arrival > now + rate.per ? 0 : arrival;
  const next = Math.max(known, now) + (rate.cost * rate.per) / rate.max;
  return next - now <= rate.per ? next : null;
};
