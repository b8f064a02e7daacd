/*
 * The generic cell rate algorithm, in its virtual scheduling form: ATM Forum, Traffic Management
 * Specification 4.0, section 4.4.3 and annex; ITU-T I.371. One number is kept per key, the theoretical arrival
 * time of the next event. Each event of cost c advances it by c times per/max; an event that would advance it
 * to more than `per` from now does not conform, and changes nothing. So at most `max` events pass in a burst,
 * and beyond those no more than `max` per `per` over any period.
 */

export interface Rate {
  readonly cost: number;
  readonly max: number;
  /** Milliseconds. */
  readonly per: number;
}

/**
 * The next theoretical arrival time if the event conforms, otherwise `null`. Epoch milliseconds; `arrival` is 0 for a new key.
 * An arrival further ahead than the rate allows stems from another clock or another rule, and is ignored.
 */
export const conforming = (arrival: number, now: number, rate: Rate): number | null => {
  const known = arrival > now + rate.per ? 0 : arrival;
  const next = Math.max(known, now) + (rate.cost * rate.per) / rate.max;
  return next - now <= rate.per ? next : null;
};
