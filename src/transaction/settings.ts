import type { ReceivedMessage } from '../message/incoming.ts';
import type { Policy } from '../policy/compile/policy.ts';
import type { Finder } from '../policy/decide/settle.ts';
import type { AppliedEffect, Decision } from '../policy/decision.ts';
import type { Envelope, MessageContent, Origin, RecipientNotice } from '../queue/message.ts';
import type { Concessions } from './concessions.ts';
import type { DecisionEntry } from './decision-entry.ts';
import type { DryRun } from './dry-run.ts';
import type { Keeping } from './evidence.ts';
import type { JudgedEntry } from './judged.ts';

/** The relay's own limits on a message: bytes, counts, and `hook` in milliseconds. */
export interface MessageLimits {
  readonly messageSize: number;
  readonly headerSize: number;
  readonly recipients: number;
  /** Received fields a message may have before it is considered to be in a loop. */
  readonly received: number;
  readonly hook: number;
}

/** Mail that rules send, and signatures that they ask for. */
export type SendEffect = Extract<AppliedEffect, { effect: 'send' }>;
export type SignEffect = Extract<AppliedEffect, { effect: 'sign_dkim' }>;

export interface AcceptedRecipient extends RecipientNotice {
  readonly address: string;
  /** Full name of the grant that let it in, or of the rule that added it. */
  readonly grant: string;
}

/** A message that policy has accepted, to be stored as is. */
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

/** The part of pino's logger that is used. */
export interface Log {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

/** What a session needs from the rest of the relay. Functions are called each time, so a reload takes effect. */
export interface SessionSettings {
  readonly hostname: string;
  readonly limits: () => MessageLimits;
  readonly policy: () => Policy;
  /** Bound to one transaction (or to the connection before the first): `message` returns the message from `data_post` on. */
  readonly finder: (message: () => ReceivedMessage | null) => Finder;
  readonly queueId: () => string;
  /** Queues mail from a rule and handles its own failures. */
  readonly send: (mail: SendEffect) => void;
  /** Returns header fields to put on top of the message, as complete lines. */
  readonly sign: (content: MessageContent, signatures: readonly SignEffect[]) => Promise<readonly string[]>;
  readonly log: Log;
  /** Called for every decision worth noting; the log line is built only if it is read. */
  readonly decisions: (decision: Decision, entry: () => DecisionEntry) => void;
  readonly now: () => number;
  /** Where it is written what transactions were judged by; not collected if not given, or while `keeping` is `null`. */
  readonly judged?: { readonly keeping: () => Keeping | null; readonly write: (entry: JudgedEntry) => void };
  /** None if not given. `ip` is empty if the client has no address. */
  readonly concessions?: (listener: string, ip: string) => Concessions;
  /** Set when a script stands in for the client. */
  readonly dryRun?: DryRun;
}
