import type { Worker } from 'node:cluster';
import type { StoreStatus } from '../../queue/store.ts';
import type { BoundListener } from '../../smtp/server.ts';
import type { Figures } from '../metrics/metrics.ts';
import type { AskLedger } from '../relay/counters.ts';
import type { SiteSnapshot } from '../snapshots/snapshot.ts';
import { SnapshotSender } from '../snapshots/transfer.ts';
import { Calls } from './calls.ts';
import type { ConnectionCounts } from './connection-counts.ts';
import { type FromWorker, isFromWorker, NO_MAIL, type ToWorker } from './messages.ts';
import { LEDGER_TIMEOUT, type LedgerBatch } from './remote-ledger.ts';
import type { RolloutTarget } from './rollout.ts';

const SILENT = 'a worker did not answer in time';

export interface WorkerStart {
  readonly connectionCounts: ConnectionCounts;
  /** The ledger of the relay. */
  readonly ledger: AskLedger;
  /** What it is to begin with, asked for when it can listen. */
  readonly first: () => { readonly snapshot: SiteSnapshot; readonly processes: number };
  /** It accepts on every listener. */
  readonly onReady: (listeners: readonly BoundListener[]) => void;
  readonly onFailed: (reason: string) => void;
}

/** How a process ended: `code` or `signal`, the other is null. */
export interface End {
  readonly code: number | null;
  readonly signal: string | null;
}

/** One worker, as the primary sees it. Nothing it is asked rejects: a worker that is gone stands in nobody's way. */
export class WorkerProcess implements RolloutTarget {
  readonly #worker: Worker;
  readonly #start: WorkerStart;
  readonly #prepared = new Calls<string | null>(SILENT);
  readonly #taken = new Calls<boolean>(false);
  readonly #queues = new Calls<StoreStatus>(NO_MAIL);
  readonly #figures = new Calls<Figures>([]);
  /** Resolves when the process has ended, to how it did. */
  readonly ended: Promise<End>;
  #begun = false;
  readonly #snapshots = new SnapshotSender();
  #sending: Promise<void> = Promise.resolve();

  constructor(worker: Worker, start: WorkerStart) {
    this.#worker = worker;
    this.#start = start;
    worker.on('message', (message: unknown) => {
      if (isFromWorker(message)) this.#hear(message);
    });
    worker.on('error', () => undefined);
    this.ended = new Promise((resolve) =>
      worker.once('exit', (code, signal) => {
        this.#onExit();
        resolve({ code, signal });
      }),
    );
  }

  get pid(): number {
    return this.#worker.process.pid ?? 0;
  }

  /** It was given a snapshot to begin with, so that it has to hear of another. */
  get hasBegun(): boolean {
    return this.#begun;
  }

  prepare(snapshot: SiteSnapshot): Promise<string | null> {
    return this.#prepared.ask((call) => this.#send(snapshot, { say: 'prepare', call }));
  }

  take(): Promise<boolean> {
    return this.#taken.ask((call) => this.#say({ say: 'take', call }));
  }

  queue(): Promise<StoreStatus> {
    return this.#queues.ask((call) => this.#say({ say: 'queue', call }));
  }

  figures(): Promise<Figures> {
    return this.#figures.ask((call) => this.#say({ say: 'figures', call }));
  }

  reopenLogs(): void {
    this.#say({ say: 'reopen' });
  }

  /** Resolves when it has come to its end in good order; one that takes longer than `graceMs` milliseconds is killed. */
  async stop(graceMs: number): Promise<void> {
    this.#say({ say: 'stop' });
    const timer = setTimeout(() => this.kill(), graceMs);
    await this.ended;
    clearTimeout(timer);
  }

  kill(): void {
    this.#worker.process.kill('SIGKILL');
  }

  #begin(): void {
    const { snapshot, processes } = this.#start.first();
    this.#send(snapshot, { say: 'start', processes });
  }

  /** The snapshot piece by piece, and what to do with it; one snapshot after the other. */
  #send(snapshot: SiteSnapshot, then: ToWorker): void {
    this.#sending = this.#sending.then(async () => {
      await this.#snapshots.send(snapshot, (piece) => this.#say(piece));
      this.#say(then);
    });
  }

  /** A worker that is going hears nothing more, and its exit tells the rest. */
  #say(message: ToWorker): void {
    this.#worker.send(message, () => undefined);
  }

  #onExit(): void {
    this.#snapshots.giveUp();
    this.#start.connectionCounts.allLeave();
    this.#prepared.giveUp(null);
    this.#taken.giveUp(true);
    this.#queues.giveUp();
    this.#figures.giveUp();
  }

  #hear(message: FromWorker): void {
    switch (message.say) {
      case 'hello':
        this.#begun = true;
        this.#begin();
        break;
      case 'ready':
        this.#start.onReady(message.listeners);
        break;
      case 'failed':
        this.#start.onFailed(message.reason);
        break;
      case 'piece-taken':
        this.#snapshots.taken();
        break;
      case 'enter':
        this.#admit(message);
        break;
      case 'leave':
        this.#start.connectionCounts.leave(message.ip);
        break;
      case 'count':
        void this.#count(message);
        break;
      default:
        this.#answered(message);
    }
  }

  #admit({ call, ip }: Extract<FromWorker, { readonly say: 'enter' }>): void {
    const { connectionCounts } = this.#start;
    const refused = connectionCounts.enter(ip);
    this.#say({ say: 'admitted', call, refused, fullness: connectionCounts.fullness });
  }

  /** A batch that nobody waits for any more is not counted. */
  async #count({ call, asked, requests }: LedgerBatch): Promise<void> {
    if (Date.now() - asked > LEDGER_TIMEOUT) return;
    const answers = await Promise.all(requests.map(this.#start.ledger));
    this.#say({ say: 'counted', call, answers });
  }

  #answered(message: Extract<FromWorker, { readonly say: 'prepared' | 'taken' | 'queue' | 'figures' }>): void {
    const { call } = message;
    if (message.say === 'prepared') this.#prepared.answer(call, message.problem);
    else if (message.say === 'taken') this.#taken.answer(call, true);
    else if (message.say === 'queue') this.#queues.answer(call, message.queue);
    else this.#figures.answer(call, message.figures);
  }
}
