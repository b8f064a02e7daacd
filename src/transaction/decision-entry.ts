import type { Decision } from '../policy/decision.ts';
import type { Scalar } from '../policy/value.ts';

/** One line of the decision log: who decided what about whom, under which policy. */
export interface DecisionEntry {
  readonly time: number;
  readonly connection: string;
  readonly transaction: string | null;
  /** Id of the message in the queue, as the 250 reply gives it, from `data_post` on. */
  readonly message?: string;
  readonly hook: Decision['hook'];
  readonly verdict: Decision['verdict'];
  /** Full name of the rule or grant, `grants`, `internal`, or empty when nothing decided. */
  readonly by: string;
  readonly code?: number;
  readonly enhanced?: string;
  readonly text?: string;
  readonly recipient?: string;
  readonly effects: Decision['effects'];
  readonly shadowed: readonly string[];
  readonly policy: string;
  readonly results: Readonly<Record<string, Scalar>>;
  readonly tags: readonly string[];
  readonly score: number;
}

/** True when something decided, did something, or would have in shadow mode. */
export const isWorthNoting = (decision: Decision): boolean =>
  decision.verdict !== 'none' || decision.effects.length > 0 || decision.shadowed.length > 0;
