import type { Policy } from '../policy/compile/policy.ts';
import type { SessionFacts } from '../policy/decide/session.ts';
import type { SessionSettings } from './settings.ts';
import type { TlsState } from './tls-state.ts';
import type { Transaction } from './transaction.ts';

/** One end of a connection. On a unix socket the address is empty and the port 0. */
export interface Endpoint {
  readonly ip: string;
  readonly port: number;
  /** The client has an address, but the proxy in front could not tell it. */
  readonly isUnknown?: boolean;
}

/** How the client introduced itself. */
export interface Helo {
  readonly verb: 'HELO' | 'EHLO';
  readonly name: string;
}

/** Where the client connected. */
export interface Entrance {
  readonly name: string;
  /** `optional`: AUTH may be used; `required`: no mail without it. */
  readonly auth: 'none' | 'optional' | 'required';
  /** A message without Date or Message-ID gets one (RFC 6409 8.2, 8.3). */
  readonly addMissingHeaders?: boolean;
}

/** The state that the facts of a session are read from. */
export interface SessionState {
  readonly id: string;
  readonly settings: SessionSettings;
  readonly listener: Entrance;
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly facts: SessionFacts;
  readonly policy: Policy;
  readonly earlyTalker: boolean;
  readonly helo: Helo | null;
  readonly tls: TlsState | null;
  readonly user: string | null;
  readonly authMethod: string | null;
  readonly transaction: Transaction | null;
}
