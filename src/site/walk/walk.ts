import type { Decision } from '../../policy/decision.ts';
import type { Hook } from '../../policy/hook.ts';
import type { Outcome } from '../../transaction/outcome.ts';

/** One hook of a session that was walked through. */
export interface Step {
  readonly hook: Hook;
  /** At `rcpt` and on delivery hooks. */
  readonly recipient: string | null;
  readonly decision: Decision;
  readonly outcome: Outcome;
}

/** A session from its first hook to the one that ended it. */
export interface Walk {
  readonly steps: readonly Step[];
  /** The step that refused or swallowed the message, a refused recipient included; `null`: it was queued for everybody. */
  readonly refusal: Step | null;
  /** Recipient -> target of the route that held. */
  readonly routes: ReadonlyMap<string, string>;
  /** Header fields that rules changed, as `Name: value`. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly results: ReturnType<import('../../policy/decide/session.ts').SessionFacts['results']>;
}
