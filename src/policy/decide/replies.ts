import type { Verdict } from '../decision.ts';

/** No grant held. RFC 3463: 5.7.1, delivery not authorised. */
export const RELAY_DENIED: Verdict = {
  verdict: 'reject',
  by: 'grants',
  code: 550,
  enhanced: '5.7.1',
  text: 'Relay access denied',
  disconnect: false,
};

/** No grant held and one could not be decided. */
export const GRANT_UNKNOWN: Verdict = {
  verdict: 'defer',
  by: 'grants',
  code: 451,
  enhanced: '4.7.1',
  text: 'Cannot tell right now whether this recipient may be relayed to, try again later',
  disconnect: false,
};

/** A rule with `on_unknown: defer` could not be decided, or a route could not. */
export const couldNotTell = (by: string): Verdict => ({
  verdict: 'defer',
  by,
  code: 451,
  enhanced: '4.7.1',
  text: 'A check could not be completed, try again later',
  disconnect: false,
});
