import type { AppliedEffect, Decision } from '../policy/decision.ts';
import type { Scalar } from '../policy/value.ts';
import type { Identity } from './identity.ts';

/** One line of the decision log: who decided what about whom, under which policy. What is `undefined`, and what is empty, is left out of the line. */
export interface DecisionEntry extends Identity {
  readonly event: 'decision';
  readonly time: number;
  readonly hook: Decision['hook'];
  readonly verdict: Decision['verdict'];
  /** Full name of the rule or grant, `grants`, `internal`, or empty when nothing decided. */
  readonly by: string;
  /** At `rcpt`: full name of the grant that let the recipient in. */
  readonly grant: string | undefined;
  readonly code: number | undefined;
  readonly enhanced: string | undefined;
  readonly text: string | undefined;
  readonly recipient: string | undefined;
  readonly effects: readonly AppliedEffect[];
  readonly shadowed: readonly string[];
  readonly policy: string;
  readonly results: Readonly<Record<string, Scalar>>;
  readonly tags: readonly string[];
  readonly score: number;
}

/** True when something decided, did something, or would have in shadow mode. */
export const isWorthNoting = (decision: Decision): boolean =>
  decision.verdict !== 'none' || decision.effects.length > 0 || decision.shadowed.length > 0;

/** Who decided: the route at `get_mx`, where nothing else did; empty if nobody. */
export const ruleOf = (decision: Decision): string => (decision.verdict === 'none' ? (decision.route?.id ?? '') : decision.by);

/** What a line says of the decision itself. */
export const decided = (decision: Decision) => ({
  hook: decision.hook,
  verdict: decision.verdict,
  by: ruleOf(decision),
  grant: decision.grant,
  ...replyOf(decision),
  effects: decision.effects,
  shadowed: decision.shadowed,
});

const replyOf = (decision: Decision) =>
  decision.verdict === 'reject' || decision.verdict === 'defer'
    ? { code: decision.code, enhanced: decision.enhanced, text: decision.text }
    : { code: undefined, enhanced: undefined, text: undefined };
