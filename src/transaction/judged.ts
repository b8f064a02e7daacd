import type { Hook } from '../policy/hook.ts';
import { type Element, type FactValue, Unknown } from '../policy/value.ts';

/** A fact in JSON: `null` is absent, `{ unknown }` could not be found out, and why. */
export type JudgedValue = string | number | boolean | null | readonly Element[] | { readonly unknown: string };

export type JudgedFacts = Readonly<Record<string, JudgedValue>>;

/** What the client heard, or what became of its message, and who decided it. */
export interface JudgedOutcome {
  readonly kind: 'refuse' | 'discard' | 'quarantine';
  readonly code?: number;
  readonly enhanced?: string;
  readonly text?: string;
  readonly by: string;
}

/** One RCPT. Without `refused` it was accepted, by the grant `by`. `facts`: what was found out for it alone, limits and greylists included. */
export interface JudgedRecipient {
  readonly address: string;
  readonly by: string;
  readonly refused?: JudgedOutcome;
  readonly facts?: JudgedFacts;
}

/**
 * What one transaction was judged by, or a session that never came to one: enough to judge it again under another policy. A line
 * of the decision log, written when the transaction ends. `undefined` is left out.
 */
export interface JudgedEntry {
  readonly time: string;
  readonly event: 'judged';
  readonly connection: string;
  readonly transaction: string | undefined;
  readonly queueId: string | undefined;
  readonly policy: string;
  /** Epoch milliseconds of its first command. */
  readonly began: number;
  /** The last hook that ran. */
  readonly hook: Hook;
  /** Of every hook but `rcpt`; `undefined`: nothing stood in the way. */
  readonly outcome: (JudgedOutcome & { readonly hook: Hook }) | undefined;
  readonly facts: JudgedFacts;
  readonly recipients: readonly JudgedRecipient[] | undefined;
  /** Recipients beyond those that one line names. */
  readonly moreRecipients: number | undefined;
  /** The header as it came; in base64 if it is not plain ASCII. */
  readonly header: string | { readonly base64: string } | undefined;
  /** Names of facts that the configuration leaves out. */
  readonly omitted: readonly string[] | undefined;
}

export const judgedValue = (value: FactValue): JudgedValue => (value instanceof Unknown ? { unknown: value.reason } : value);

/** The reverse of `judgedValue`. */
export const factOf = (value: JudgedValue): FactValue => (isUnknown(value) ? new Unknown(value.unknown) : value);

const isUnknown = (value: JudgedValue): value is { readonly unknown: string } =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
