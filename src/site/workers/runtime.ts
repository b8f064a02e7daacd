import { openSharedLog, type RelayLog } from '../logs/log.ts';
import { Closing } from '../relay/closing.ts';
import { dieLoudly } from '../relay/die-loudly.ts';
import { type MailService, openMailService } from '../relay/mail-service.ts';
import { makeReady, type Running } from '../relay/running.ts';
import { inSlices } from '../snapshots/in-slices.ts';
import { openingSnapshot, type SiteSnapshot } from '../snapshots/snapshot.ts';
import { type SnapshotPiece, SnapshotReceiver } from '../snapshots/transfer.ts';
import { type FromWorker, NO_MAIL, type ToWorker } from './messages.ts';
import type { RemoteAdmission } from './remote-admission.ts';
import type { RemoteLedger } from './remote-ledger.ts';
import { watchedLedger } from './watched-ledger.ts';

export interface WorkerRuntimeParts {
  readonly say: (message: FromWorker) => void;
  readonly admission: RemoteAdmission;
  readonly ledger: RemoteLedger;
}

type Told<Say extends ToWorker['say']> = Extract<ToWorker, { readonly say: Say }>;
type ToldInTurn = Exclude<ToWorker, Told<'admitted' | 'counted' | 'snapshot' | 'bytes' | 'start' | 'prepare' | 'stop'>>;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The work of one worker process, from the first snapshot to the end. What it is told it does in the order told. */
export class WorkerRuntime {
  readonly #parts: WorkerRuntimeParts;
  readonly #closing = new Closing();
  readonly #receiver = new SnapshotReceiver();
  #log: RelayLog | null = null;
  #service: MailService | null = null;
  #prepared: Running | null = null;
  #doing: Promise<void> = Promise.resolve();
  #ending = false;

  constructor(parts: WorkerRuntimeParts) {
    this.#parts = parts;
  }

  get isEnding(): boolean {
    return this.#ending;
  }

  hear(message: ToWorker): void {
    if (message.say === 'admitted') this.#parts.admission.answer(message.call, message.refused, message.fullness);
    else if (message.say === 'counted') this.#parts.ledger.answer(message.call, message.answers);
    else if (message.say === 'stop') this.end();
    else if (message.say === 'snapshot' || message.say === 'bytes') this.#receive(message);
    else if (message.say === 'start' || message.say === 'prepare') this.#open(message);
    else this.#doing = this.#doing.then(() => this.#obey(message));
  }

  /** Lets open transactions and deliveries end, closes, and ends the process. */
  end(): void {
    if (this.#ending) return;
    this.#ending = true;
    void this.#doing.then(() => this.#leave(0));
  }

  #receive(piece: SnapshotPiece): void {
    this.#receiver.hear(piece);
    this.#parts.say({ say: 'piece-taken' });
  }

  /** With the snapshot that has come by now: another may be on its way before this one's turn. */
  #open(message: Told<'start' | 'prepare'>): void {
    const snapshot = this.#receiver.take();
    this.#doing = this.#doing.then(async () => {
      if (message.say === 'start') return this.#start(snapshot, message.processes);
      return this.#parts.say({ say: 'prepared', call: message.call, problem: await this.#prepare(snapshot) });
    });
  }

  async #obey(message: ToldInTurn): Promise<void> {
    switch (message.say) {
      case 'take':
        return this.#take(message);
      case 'queue':
      case 'figures':
        return this.#tell(message);
      case 'reopen':
        return this.#service?.core.parts.decisions.reopen();
    }
  }

  async #start(snapshot: SiteSnapshot, processes: number): Promise<void> {
    const log = openSharedLog(snapshot.head.config.log.level);
    this.#log = log;
    process.on('uncaughtException', dieLoudly(log));
    try {
      const running = makeReady(await inSlices(openingSnapshot(snapshot)), Date.now(), { processes });
      const { admission, ledger } = this.#parts;
      const asked = watchedLedger((request) => ledger.ask(request), log.log);
      const start = { running, log, now: Date.now, onDecision: null, admission, ledger: asked };
      this.#service = await openMailService(start, this.#closing);
      this.#parts.say({ say: 'ready', listeners: this.#service.listeners });
    } catch (error) {
      this.#parts.say({ say: 'failed', reason: reasonOf(error) });
      await this.#leave(1);
    }
  }

  /** `null`, or what is in the way. */
  async #prepare(snapshot: SiteSnapshot): Promise<string | null> {
    if (!this.#service) return 'a worker is not ready';
    try {
      const material = await inSlices(openingSnapshot(snapshot));
      this.#prepared = makeReady(material, Date.now(), { present: this.#service.core.running });
      return null;
    } catch (error) {
      return reasonOf(error);
    }
  }

  #take({ call }: Told<'take'>): void {
    if (this.#service && this.#prepared) this.#service.core.running = this.#prepared;
    this.#prepared = null;
    this.#parts.say({ say: 'taken', call });
  }

  /** One that has not begun yet has no mail, and says so: the primary waits for an answer. */
  async #tell({ say, call }: Told<'queue' | 'figures'>): Promise<void> {
    if (say === 'queue') this.#parts.say({ say, call, queue: this.#service?.queue() ?? NO_MAIL });
    else this.#parts.say({ say, call, figures: (await this.#service?.core.parts.metrics.figures()) ?? [] });
  }

  async #leave(code: number): Promise<void> {
    try {
      await this.#closing.close();
    } catch (err) {
      this.#log?.log.error({ err }, 'worker shutdown failed');
    }
    this.#log?.flush();
    process.exit(code);
  }
}
