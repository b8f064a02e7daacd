import type { Decision } from '../decision.ts';
import type { Hook } from '../hook.ts';

/** The fault of our own that stands in for a decision nobody could make: never a pass, never a 5xx. RFC 3463 X.3.0. */
export const faultDecision = (hook: Hook): Decision => ({
  hook,
  verdict: 'defer',
  by: 'internal',
  code: 451,
  enhanced: '4.3.0',
  text: 'Local problem, try again later',
  disconnect: false,
  effects: [],
  shadowed: [],
  trace: [],
});
