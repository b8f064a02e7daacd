import cluster from 'node:cluster';
import { extname, join } from 'node:path';
import type { StoreStatus } from '../../queue/store.ts';
import type { BoundListener } from '../../smtp/server.ts';
import type { RelayConfig } from '../config/config.ts';
import { asStarted } from '../config/effects.ts';
import type { Figures } from '../metrics/metrics.ts';
import type { SiteSnapshot } from '../snapshots/snapshot.ts';
import { NO_MAIL } from './messages.ts';
import { Rollout } from './rollout.ts';
import { WorkerSlot, type WorkerSlotOptions } from './slot.ts';
import type { WorkerProcess } from './worker-process.ts';

/** Beside this file, compiled like it or not. */
const WORKER = join(import.meta.dirname, `worker${extname(import.meta.filename)}`);

const sum = (one: StoreStatus, other: StoreStatus): StoreStatus => ({
  queued: one.queued + other.queued,
  held: one.held + other.held,
  quarantined: one.quarantined + other.quarantined,
  corrupt: one.corrupt + other.corrupt,
});

/** The snapshot as a worker begins with it that joins later. */
const asFirst = ({ head, blobs }: SiteSnapshot, begun: RelayConfig): SiteSnapshot => ({
  head: { ...head, config: asStarted(begun, head.config) },
  blobs,
});

export interface WorkerSlotsOptions extends Pick<WorkerSlotOptions, 'log' | 'admission' | 'ledger'> {
  readonly count: number;
  /** What workers begin with. */
  readonly snapshot: SiteSnapshot;
}

/** All workers of a relay. */
export class WorkerSlots {
  readonly #slots: readonly WorkerSlot[];
  /** Where what only a restart changes is as it was at the start. */
  readonly #begun: RelayConfig;
  #snapshot: SiteSnapshot;
  readonly #rollout = new Rollout();

  constructor({ count, snapshot, log, admission, ledger }: WorkerSlotsOptions) {
    this.#snapshot = snapshot;
    this.#begun = snapshot.head.config;
    const first = () => ({ snapshot: asFirst(this.#snapshot, this.#begun), processes: count });
    this.#slots = Array.from({ length: count }, () => new WorkerSlot({ log, admission, ledger, first }));
    cluster.setupPrimary({ exec: WORKER, args: [], serialization: 'advanced' });
  }

  /** Some worker accepts. */
  get isReady(): boolean {
    return this.#slots.some((slot) => slot.isReady);
  }

  /** Process ids of those that accept. */
  get pids(): readonly number[] {
    return this.#slots.flatMap(({ worker, isReady }) => (worker && isReady ? worker.pid : []));
  }

  /** Resolves when every worker accepts on every listener; rejects with what keeps one from it. */
  async open(): Promise<readonly BoundListener[]> {
    const [listeners = []] = await Promise.all(this.#slots.map((slot) => slot.open()));
    return listeners;
  }

  /** All workers make a snapshot ready beside what runs. Resolves to `null`, or to what is in the way; nothing is in force yet. */
  prepare(snapshot: SiteSnapshot): Promise<string | null> {
    return this.#rollout.prepare(this.#begunWorkers(), snapshot);
  }

  /** The snapshot all have prepared is in force when this resolves; workers that start from now on start with it. */
  take(snapshot: SiteSnapshot): Promise<void> {
    this.#snapshot = snapshot;
    return this.#rollout.take(this.#begunWorkers(), snapshot);
  }

  async queue(): Promise<StoreStatus> {
    const shares = await Promise.all(this.#begunWorkers().map((worker) => worker.queue()));
    return shares.reduce(sum, NO_MAIL);
  }

  figures(): Promise<readonly Figures[]> {
    return Promise.all(this.#begunWorkers().map((worker) => worker.figures()));
  }

  reopenLogs(): void {
    for (const worker of this.#begunWorkers()) worker.reopenLogs();
  }

  /** Resolves when every worker has ended; those that take longer than `graceMs` milliseconds are killed. */
  async stop(graceMs: number): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.leave(graceMs)));
  }

  kill(): void {
    for (const worker of this.#workers()) worker.kill();
  }

  #workers(): readonly WorkerProcess[] {
    return this.#slots.flatMap(({ worker }) => worker ?? []);
  }

  #begunWorkers(): readonly WorkerProcess[] {
    return this.#workers().filter(({ hasBegun }) => hasBegun);
  }
}
