import type { BoundListener } from '../../smtp/server.ts';
import type { ReloadResult } from '../control/protocol.ts';
import type { Site } from '../loading/load.ts';
import type { ActEvent } from '../logs/acts.ts';

/** A relay as `serve` runs it, be it one process or several. */
export interface Served {
  /** As bound; empty before `start` has resolved. */
  readonly listeners: readonly BoundListener[];
  /** `host:port` of the admin pages, if there are any. */
  readonly adminAddress: string | null;
  /** Runs a site; resolves when every listener accepts. Rejects, everything closed again, if a port, a file or the queue cannot be had. */
  start(site: Site): Promise<void>;
  /** Reads, checks and tests the site anew, and takes it if nothing is wrong. Requests that come together share a run. */
  reload(): Promise<ReloadResult>;
  /** Into both logs: what a person did to the relay. */
  note(event: ActEvent, fields: object): void;
  /** New log files under the old names. */
  reopenLogs(): void;
  /** Stops accepting, lets open transactions and deliveries end within the bound of `limits.shutdown`, and closes. Again: the same promise. */
  stop(): Promise<void>;
  /** This process ends right now: nothing that belongs to it may stay behind. */
  abandon(): void;
}
