import type { ReceivedMessage } from '../message/incoming.ts';
import type { Policy } from '../policy/compile/policy.ts';
import type { Finder } from '../policy/decide/settle.ts';
import type { AppliedEffect, Decision } from '../policy/decision.ts';
import type { Envelope, MessageContent, Origin, RecipientNotice } from '../queue/message.ts';
import type { Concessions } from './concessions.ts';
import type { DecisionEntry } from './decision-entry.ts';
import type { DryRun } from './dry-run.ts';

/** The relay's own limits on a message: bytes, counts, and `hook` in milliseconds. */
export interface MessageLimits {
  readonly messageSize: number;
  readonly headerSize: number;
  readonly recipients: number;
  /** Received fields a message may have before it is taken for a loop. */
  readonly received: number;
  readonly hook: number;
}

/** What rules ask to be sent, and what to be signed. */
export type SendEffect = Extract<AppliedEffect, { effect: 'send' }>;
export type SignEffect = Extract<AppliedEffect, { effect: 'sign_dkim' }>;

export interface AcceptedRecipient extends RecipientNotice {
  readonly address: string;
  /** Full name of the grant that let it in, or of the rule that added it. */
  readonly grant: string;
}

/** A message that policy has let through, to be made durable as it stands. */
export interface AcceptedMessage {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly arrived: number;
  readonly envelope: Envelope;
  readonly recipients: readonly AcceptedRecipient[];
  readonly origin: Origin;
  readonly content: MessageContent;
  readonly state: 'queued' | 'quarantined';
  readonly reason: string;
}

/** As pino has it. */
export interface Log {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

/** What a session needs from the rest of the relay. What is a function is asked each time, so that a reload shows. */
export interface SessionSettings {
  readonly hostname: string;
  readonly limits: () => MessageLimits;
  readonly policy: () => Policy;
  /** Bound to one transaction (or to the connection before the first): `message` is there from `data_post` on. */
  readonly finder: (message: () => ReceivedMessage | null) => Finder;
  readonly queueId: () => string;
  /** Queues mail of our own; a failure is its own affair. */
  readonly send: (mail: SendEffect) => void;
  /** Header fields to put on top of the message, complete lines. */
  readonly sign: (content: MessageContent, signatures: readonly SignEffect[]) => Promise<readonly string[]>;
  readonly log: Log;
  /** Hears of every decision worth noting; the line about it is made only if somebody reads it. */
  readonly decisions: (decision: Decision, entry: () => DecisionEntry) => void;
  readonly now: () => number;
  /** None if not said. `ip` is empty where the client has no address. */
  readonly concessions?: (listener: string, ip: string) => Concessions;
  /** Given where a script stands in for the client. */
  readonly dryRun?: DryRun;
}
