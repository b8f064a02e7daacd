import type { SecureContext } from 'node:tls';
import type { BodyStorage } from '../message/body-writer.ts';
import type { Entrance } from '../transaction/session-state.ts';
import type { AcceptedMessage, SessionSettings } from '../transaction/settings.ts';
import type { AdmissionControl } from './admission.ts';
import type { Credentials, LoginShares, Waiting } from './auth/logins.ts';
import type { Limits } from './limits.ts';
import type { SessionEvent } from './session-event.ts';

/** Where the relay listens: a host and port (0 lets the system choose), or the path of a unix socket. */
export type ListenAddress = { readonly host: string; readonly port: number } | { readonly path: string };

export interface ListenerSettings extends Entrance {
  readonly address: ListenAddress;
  readonly tls: 'none' | 'starttls' | 'implicit';
}

/** The resource that runs short. */
export type Shortage = 'connections' | 'memory' | 'descriptors';

/** What the SMTP server needs from the rest of the relay. Functions are called each time, so a reload takes effect. */
export interface RelayServerSettings extends SessionSettings {
  readonly listeners: readonly ListenerSettings[];
  readonly limits: () => Limits;
  /** Counts connections against `limits`; this server alone if not given. */
  readonly admission?: AdmissionControl;
  /** Client sockets that may be open in this process; unlimited if not given. */
  readonly sockets?: number;
  /** Bytes that sessions of this process may hold together. */
  readonly memory: () => number;
  /** Called for every client turned away because a resource ran short. */
  readonly shed: (shortage: Shortage) => void;
  /** AUTH without TLS: only where no untrusted network reaches the relay. */
  readonly plaintextAuth: () => boolean;
  /** Milliseconds to wait for early talkers before the greeting; 0 disables the pause. */
  readonly greetingPause: () => number;
  /** True for addresses whose PROXY header is trusted, and from which one is required. */
  readonly trustsProxy: (ip: string) => boolean;
  /** `null`: there is no certificate, so TLS is not offered. */
  readonly tls: () => SecureContext | null;
  /** Ask clients for a certificate; a missing or unverified one is no reason to refuse. */
  readonly asksClientCertificate: () => boolean;
  readonly bodies: BodyStorage;
  /** Session events other than decisions, for the decision log; they are already in the log. */
  readonly events: (event: SessionEvent) => void;
  /** Resolves when the message is durable; rejects with the system's `code`. */
  readonly accept: (message: AcceptedMessage) => Promise<void>;
  /** `null`: there are no users, AUTH is not offered. */
  readonly authenticate: ((credentials: Credentials, who: Waiting) => Promise<boolean>) | null;
  /** Failed logins across all sessions; not counted if not given. */
  readonly logins?: LoginShares;
}
