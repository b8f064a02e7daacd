import type { SecureContext } from 'node:tls';
import type { BodyFiles } from '../message/body-file.ts';
import type { ReceivedMessage } from '../message/incoming.ts';
import type { Policy } from '../policy/compile/policy.ts';
import type { Finder } from '../policy/decide/settle.ts';
import type { AppliedEffect } from '../policy/decision.ts';
import type { Envelope, MessageContent, Origin, RecipientNotice } from '../queue/message.ts';
import type { Doorkeeper } from './admission.ts';
import type { DecisionEntry } from './session/decision-entry.ts';

/** Where the relay listens: a host and port (0 lets the system choose), or the path of a unix socket. */
export type ListenAddress = { readonly host: string; readonly port: number } | { readonly path: string };

export interface ListenerSettings {
  readonly name: string;
  readonly address: ListenAddress;
  readonly tls: 'none' | 'starttls' | 'implicit';
  /** `optional`: AUTH may be used; `required`: nobody sends mail without it. */
  readonly auth: 'none' | 'optional' | 'required';
}

/** Sizes in bytes, durations in milliseconds, the rest counts. */
export interface Limits {
  readonly messageSize: number;
  readonly recipients: number;
  readonly connections: number;
  readonly connectionsPerIp: number;
  readonly errors: number;
  readonly commandLine: number;
  readonly headerSize: number;
  /** Received fields a message may have before it is taken for a loop. */
  readonly received: number;
  readonly idle: number;
  readonly session: number;
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

export interface Credentials {
  readonly method: 'PLAIN' | 'LOGIN';
  readonly user: string;
  readonly password: string;
}

/** As pino has it. */
export interface Log {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

/** Everything the room needs from the rest of the relay. What is a function is asked each time, so that a reload shows. */
export interface RelayServerSettings {
  readonly hostname: string;
  readonly listeners: readonly ListenerSettings[];
  readonly limits: () => Limits;
  /** Counts connections against `limits`; this server alone if not given. */
  readonly admission?: Doorkeeper;
  /** AUTH without TLS: only where no untrusted network reaches the relay. */
  readonly plaintextAuth: () => boolean;
  /** Milliseconds to wait for early talkers before the greeting; 0 asks nobody to wait. */
  readonly greetingPause: () => number;
  /** True for addresses whose PROXY header is believed; from these alone one is expected. */
  readonly believesProxy: (ip: string) => boolean;
  /** `null`: there is no certificate, so TLS is not offered. */
  readonly tls: () => SecureContext | null;
  /** Ask clients for a certificate; none is refused for having none, or one that nobody signed. */
  readonly asksClientCertificate: () => boolean;
  readonly policy: () => Policy;
  /** Bound to one transaction (or to the connection before the first): `message` is there from `data_post` on. */
  readonly finder: (message: () => ReceivedMessage | null) => Finder;
  readonly files: BodyFiles;
  readonly queueId: () => string;
  /** Resolves when the message is durable; rejects with the system's `code`. */
  readonly accept: (message: AcceptedMessage) => Promise<void>;
  /** Queues mail of our own; a failure is its own affair. */
  readonly send: (mail: SendEffect) => void;
  /** Header fields to put on top of the message, complete lines. */
  readonly sign: (content: MessageContent, signatures: readonly SignEffect[]) => Promise<readonly string[]>;
  /** `null`: there are no users, AUTH is not offered. */
  readonly authenticate: ((credentials: Credentials) => Promise<boolean>) | null;
  readonly log: Log;
  readonly decisions: (entry: DecisionEntry) => void;
  readonly now: () => number;
}
