import type { BodyRef } from '../message/body.ts';
import type { KeptState } from '../policy/decide/kept-state.ts';
import type { Scalar } from '../policy/value.ts';

export type { BodyRef };

/** RFC 3461: what the client requested about delivery notices. */
export interface RecipientNotice {
  /** Absent: failure (and delay). */
  readonly notify?: readonly ('never' | 'success' | 'failure' | 'delay')[];
  /** `rfc822;user@example.com`, as the client gave it (still xtext). */
  readonly orcpt?: string;
}

export interface Envelope {
  /** Empty for the null sender. */
  readonly sender: string;
  readonly body: '7bit' | '8bitmime';
  readonly smtputf8: boolean;
  readonly ret?: 'full' | 'headers';
  readonly envid?: string;
}

export interface DeliveryReport {
  /** From the SMTP reply, or our own (no route, expired). */
  readonly code: number;
  readonly enhanced: string;
  /** The next hop's text, limited in length, without control characters. */
  readonly text: string;
  /** The complete reply of the next hop, its lines joined; left out if there was none. */
  readonly reply?: string;
  /** Code and text come from the reply: the relay's own findings are never attributed to another host. */
  readonly quoted?: true;
  /** The host that was asked, or empty. */
  readonly remote: string;
  readonly at: number;
}

/** The delivery state of one recipient. Times are epoch milliseconds. */
export interface RecipientState extends RecipientNotice {
  readonly address: string;
  /** Full name of the grant that let it in; empty for mail written by the relay (DSN, `send`). */
  readonly grant: string;
  readonly status: 'open' | 'delivered' | 'relayed' | 'failed' | 'expanded';
  readonly attempts: number;
  readonly nextAttempt: number;
  /** An operator requested the next attempt: it is made regardless of back-off and does not count in the schedule. */
  readonly asked?: boolean;
  /** A delay notice has been queued. */
  readonly delayNoticed: boolean;
  readonly last: DeliveryReport | null;
}

/** What is kept of the transaction for delivery hooks and the log. */
export interface Origin extends KeptState {
  readonly transaction: string;
  /** From the message as received; left out if it had none. */
  readonly messageId?: string;
  readonly policyVersion: string;
  readonly facts: Readonly<Record<string, Scalar>>;
}

/** The record of a queued message: small, so that messages can be listed and counted without reading their content. */
export interface MessageRecord {
  /** Appears in the 250 reply: 1 to 32 characters of [0-9A-Za-z-]. */
  readonly id: string;
  readonly arrived: number;
  /** When open recipients fail. */
  readonly expires: number;
  readonly size: number;
  readonly envelope: Envelope;
  readonly origin: Origin;
  readonly recipients: readonly RecipientState[];
  readonly state: 'queued' | 'held' | 'quarantined';
  readonly reason: string;
}

/** The final header, trace fields first, with its closing empty line; then the body. Together they form the message. */
export interface MessageContent {
  readonly header: Buffer;
  readonly body: BodyRef;
}
