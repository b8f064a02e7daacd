import type { SMTPServer } from 'smtp-server';
import type { Doorkeeper } from './admission.ts';
import type { ListenerSettings, RelayServerSettings } from './settings.ts';

/** Where a connection came in, as the connection sees it. */
export interface Acceptor extends SMTPServer {
  readonly settings: RelayServerSettings;
  readonly listener: ListenerSettings;
  readonly admission: Doorkeeper;
  /** The session of this id is over in every respect. */
  forget(id: string): void;
  /** Loads the certificate of the moment, for STARTTLS and implicit TLS alike. */
  refreshTls(): void;
}
