import type { SessionFacts } from '../../policy/decide/session.ts';
import type { Hook } from '../../policy/hook.ts';
import type { HookResult, Regrant } from '../../transaction/dry-run.ts';
import type { Refusal } from '../../transaction/outcome.ts';
import type { AcceptedMessage } from '../../transaction/settings.ts';

/** One hook of a session, and the grants that were asked for addresses its rules produced. */
export interface SimulatedHook extends HookResult {
  readonly regrants: readonly Regrant[];
}

/** What a client hears of one recipient. */
export interface RecipientFate {
  /** As the script asks for it; `null` where it does not say. */
  readonly recipient: string | null;
  /** `null`: accepted. */
  readonly refusal: Refusal | null;
  /** Full name of the grant or rule that decided, or what else did. */
  readonly by: string;
}

/** A session from its first hook to its last. */
export interface Simulation {
  readonly steps: readonly SimulatedHook[];
  /** The step that refused or swallowed the message, or the first refused recipient where none was accepted; `null`: it was queued. */
  readonly refusal: SimulatedHook | null;
  readonly recipients: readonly RecipientFate[];
  /** What goes into the queue; `null`: nothing does. */
  readonly queued: AcceptedMessage | null;
  /** Recipient -> target of the route that held. */
  readonly routes: ReadonlyMap<string, string>;
  /** Header fields that rules changed, as `Name: value`. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly results: ReturnType<SessionFacts['results']>;
}

/** Where the message of a script is before anything has happened. */
export type Start = Extract<Hook, 'connect_init' | 'get_mx'>;
