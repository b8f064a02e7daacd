import type { SMTPServer } from 'smtp-server';
import type { AdmissionControl } from './admission.ts';
import type { FairTurns } from './fair-turns.ts';
import type { ListenerSettings, RelayServerSettings } from './settings.ts';

/** What all listeners of a process have in common. */
export interface Shared {
  readonly admission: AdmissionControl;
  readonly turns: FairTurns;
}

/** Where a connection came in, as the connection sees it. */
export interface Acceptor extends SMTPServer {
  readonly settings: RelayServerSettings;
  readonly listener: ListenerSettings;
  readonly shared: Shared;
  /** The session of this id is over in every respect. */
  forget(id: string): void;
  /** Loads the certificate of the moment, for STARTTLS and implicit TLS alike. */
  refreshTls(): void;
}
