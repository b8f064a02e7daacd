import type { SMTPServer } from 'smtp-server';
import type { ConnectionRate } from './connection-rate.ts';
import type { EvictingAdmission } from './evicting-admission.ts';
import type { FairTurns } from './fair-turns.ts';
import type { MemoryBudget } from './memory-budget.ts';
import type { Overload } from './overload.ts';
import type { ListenerSettings, RelayServerSettings } from './settings.ts';
import type { SocketCount } from './socket-count.ts';

/** What all listeners of a process share. */
export interface Shared {
  readonly admission: EvictingAdmission;
  readonly rate: ConnectionRate;
  readonly turns: FairTurns;
  readonly overload: Overload;
  readonly memory: MemoryBudget;
  readonly sockets: SocketCount;
}

/** Where a connection came in, as the connection sees it. */
export interface Acceptor extends SMTPServer {
  readonly settings: RelayServerSettings;
  readonly listener: ListenerSettings;
  readonly shared: Shared;
  /** The session with this id is completely over. */
  forget(id: string): void;
  /** Loads the current certificate, for both STARTTLS and implicit TLS. */
  refreshTls(): void;
}
