import type { Logger } from 'pino';
import type { StoreStatus } from '../../queue/store.ts';
import type { BoundListener } from '../../smtp/server.ts';
import type { Eventually } from '../../transaction/eventually.ts';
import type { DecisionLog } from '../logs/decision-log.ts';
import type { RelayLog } from '../logs/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { SiteSnapshot } from '../snapshots/snapshot.ts';
import type { Closing } from './closing.ts';
import type { ReadySuccessor } from './reloads.ts';
import type { Running } from './running.ts';

export interface EngineOpening {
  readonly snapshot: SiteSnapshot;
  /** The snapshot, opened. */
  readonly running: Running;
  readonly log: RelayLog;
}

/** What there is once every listener accepts. */
export interface OpenedEngine {
  readonly listeners: readonly BoundListener[];
  readonly decisions: DecisionLog;
  /** Of this process: reloads are counted here. */
  readonly metrics: Metrics;
  readonly log: Logger;
  /** What new transactions run by. */
  readonly running: () => Running;
  readonly connections: () => number;
  readonly queue: () => Eventually<StoreStatus>;
  /** Process ids of those that accept, if that is not this process itself. */
  readonly workers: () => readonly number[];
  readonly isReady: () => boolean;
  /** Metrics of all processes, in the text format of Prometheus. */
  readonly figures: () => Promise<string>;
  /** Puts a site in the place of the present one, everywhere; or changes nothing and resolves to the reason. Never rejects. */
  readonly take: (successor: ReadySuccessor) => Promise<string | null>;
  readonly reopenLogs: () => void;
}

/** What accepts, queues and delivers mail behind the front: this process, or a pool of workers. */
export interface RelayEngine {
  /** Resolves when every listener accepts; rejects if a port, a file or the queue cannot be had. Whatever is opened is entered in `closing`. */
  open(opening: EngineOpening, closing: Closing): Promise<OpenedEngine>;
  /** This process ends right now: no other may stay behind. */
  kill(): void;
}
