import type { EditedHeader, HeaderEdit } from '../message/edits.ts';
import type { SessionFacts } from '../policy/decide/session.ts';
import type { Decision } from '../policy/decision.ts';
import type { Hook } from '../policy/hook.ts';
import type { Outcome } from './outcome.ts';

/** The point a session has reached, which determines the facts a script may state in place of the session. */
export type SessionStage = 'connection' | 'transaction' | 'recipient' | 'recipients' | 'message';

/** One hook of a session: the decision, and the outcome once its effects were applied. */
export interface HookResult {
  readonly hook: Hook;
  /** The recipient the client asked for, at `rcpt`. */
  readonly recipient: string | null;
  readonly decision: Decision;
  readonly outcome: Outcome;
}

/** Whether a grant holds for an address that a rule produced. */
export interface Regrant {
  readonly address: string;
  readonly decision: Decision;
}

/** A session driven by a script: no client, no waiting, and everything is recorded. */
export interface DryRun {
  /** Note how each rule fared. */
  readonly traces: boolean;
  /** States the facts that the script gives about this stage; they win over what the session says. */
  readonly state: (facts: SessionFacts, stage: SessionStage) => void;
  /** Rules have edited the header: stated fields that they touched take their edited values. */
  readonly edited: (facts: SessionFacts, edited: EditedHeader, edits: readonly HeaderEdit[]) => void;
  readonly step: (step: HookResult) => void;
  readonly regrant: (regrant: Regrant) => void;
}
