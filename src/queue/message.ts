import type { BodyRef } from '../message/body.ts';
import type { KeptState } from '../policy/decide/kept-state.ts';
import type { Scalar } from '../policy/value.ts';

export type { BodyRef };

/** RFC 3461: what the client asked about delivery notices. */
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
  /** Of the SMTP reply, or of our own (no route, lifetime over). */
  readonly code: number;
  readonly enhanced: string;
  /** What the next hop said, cut to a bounded length, no control characters. */
  readonly text: string;
  /** The whole reply of the next hop, its lines joined; left out where it said nothing. */
  readonly reply?: string;
  /** Code and text are the reply's own: what the relay found out itself is never put into the mouth of another. */
  readonly quoted?: true;
  /** Host that was asked, or empty. */
  readonly remote: string;
  readonly at: number;
}

/** One recipient's own fate. Times are epoch milliseconds. */
export interface RecipientState extends RecipientNotice {
  readonly address: string;
  /** Full name of the grant that let it in; empty for mail of our own (DSN, `send`). */
  readonly grant: string;
  readonly status: 'open' | 'delivered' | 'relayed' | 'failed' | 'expanded';
  readonly attempts: number;
  readonly nextAttempt: number;
  /** An operator asked for the next attempt: it is made in spite of everything and costs none of the schedule. */
  readonly asked?: boolean;
  /** A delay notice has been queued. */
  readonly delayNoticed: boolean;
  readonly last: DeliveryReport | null;
}

/** What stays of the transaction for the delivery hooks and the log. */
export interface Origin extends KeptState {
  readonly transaction: string;
  /** Of the message as it came; left out where it had none. */
  readonly messageId?: string;
  readonly policyVersion: string;
  readonly facts: Readonly<Record<string, Scalar>>;
}

/** What is known about a queued message: small, listed and counted without touching its bytes. */
export interface MessageRecord {
  /** Goes into the 250 reply: 1 to 32 characters of [0-9A-Za-z-]. */
  readonly id: string;
  readonly arrived: number;
  /** After which open recipients fail. */
  readonly expires: number;
  readonly size: number;
  readonly envelope: Envelope;
  readonly origin: Origin;
  readonly recipients: readonly RecipientState[];
  readonly state: 'queued' | 'held' | 'quarantined';
  readonly reason: string;
}

/** The final header, trace fields first, with its closing empty line; then the body. Concatenated they are the message. */
export interface MessageContent {
  readonly header: Buffer;
  readonly body: BodyRef;
}
