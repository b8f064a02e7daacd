import cluster from 'node:cluster';
import type { Logger } from 'pino';
import type { Admission } from '../../smtp/admission.ts';
import type { BoundListener } from '../../smtp/server.ts';
import type { AskLedger } from '../relay/counters.ts';
import { Backoff } from './backoff.ts';
import { ConnectionCounts } from './connection-counts.ts';
import { type End, WorkerProcess, type WorkerStart } from './worker-process.ts';

export interface WorkerSlotOptions {
  readonly log: Logger;
  /** Of the whole relay. */
  readonly admission: Admission;
  readonly ledger: AskLedger;
  readonly first: WorkerStart['first'];
}

/** The place of one worker: when the one that holds it dies, another is started, later each time it happens in a row. */
export class WorkerSlot {
  readonly #options: WorkerSlotOptions;
  readonly #backoff = new Backoff();
  #worker: WorkerProcess | null = null;
  #ready = false;
  #leaving = false;
  #restart: NodeJS.Timeout | null = null;

  constructor(options: WorkerSlotOptions) {
    this.#options = options;
  }

  /** `null` between a death and the next start. */
  get worker(): WorkerProcess | null {
    return this.#worker;
  }

  /** Its worker accepts on every listener. */
  get isReady(): boolean {
    return this.#ready;
  }

  /** Resolves when the first worker accepts; rejects with what keeps it from that. */
  open(): Promise<readonly BoundListener[]> {
    return new Promise((resolve, reject) => {
      const onFailed = (reason: string): void => reject(new Error(reason));
      this.#fill({ onReady: resolve, onFailed });
      void this.#worker?.ended.then(() => onFailed('a worker exited while it was starting'));
    });
  }

  /** Nobody comes after the present worker, who has `graceMs` milliseconds to end. */
  async leave(graceMs: number): Promise<void> {
    this.#leaving = true;
    if (this.#restart) clearTimeout(this.#restart);
    await this.#worker?.stop(graceMs);
  }

  #fill(heard: Pick<WorkerStart, 'onReady' | 'onFailed'>): void {
    const { admission, ledger, first } = this.#options;
    const began = performance.now();
    const onReady = (listeners: readonly BoundListener[]): void => {
      this.#ready = true;
      heard.onReady(listeners);
    };
    const worker = new WorkerProcess(cluster.fork(), {
      ...heard,
      onReady,
      first,
      ledger,
      connectionCounts: new ConnectionCounts(admission),
    });
    this.#worker = worker;
    void worker.ended.then((end) => this.#vacant({ worker: worker.pid, ...end }, performance.now() - began));
  }

  #vacant(died: End & { readonly worker: number }, lived: number): void {
    this.#worker = null;
    this.#ready = false;
    if (this.#leaving) return;
    const { log } = this.#options;
    const wait = this.#backoff.after(lived);
    log.error({ ...died, startsAgainIn: wait }, 'worker exited');
    const onReady = (): void => log.info({ worker: this.#worker?.pid }, 'worker replaced');
    const onFailed = (reason: string): void => log.error({ reason }, 'worker failed to start');
    this.#restart = setTimeout(() => this.#fill({ onReady, onFailed }), wait);
  }
}
