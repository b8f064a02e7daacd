import type { Actor } from '../../queue/actor.ts';
import type { BoundListener } from '../../smtp/server.ts';
import type { DecisionEntry } from '../../transaction/decision-entry.ts';
import { openControl } from '../control/listen.ts';
import type { RelayStatus, ReloadResult } from '../control/protocol.ts';
import { type ActEvent, claimedBy, noteAct } from '../logs/acts.ts';
import { takeActs } from '../logs/acts-file.ts';
import type { RelayLog } from '../logs/log.ts';
import { type Admin, openAdmin } from '../metrics/admin.ts';
import { inSlices } from '../snapshots/in-slices.ts';
import { openingSnapshot, type SiteSnapshot } from '../snapshots/snapshot.ts';
import { Closing } from './closing.ts';
import type { OpenedEngine, RelayEngine } from './engine.ts';
import { Reloads } from './reloads.ts';
import { makeReady } from './running.ts';
import { SingleProcess } from './single-process.ts';
import { removeDeadSockets } from './sockets.ts';
import { relayStatus } from './status.ts';

export interface FrontOptions {
  /** Read again on every reload. */
  readonly configPath: string;
  readonly log: RelayLog;
  readonly engine: RelayEngine;
  /** Called for every reload, however requested: does the work, with something before and after. */
  readonly aroundReload?: <T>(work: () => Promise<T>) => Promise<T>;
  readonly now?: () => number;
}

/** A relay that runs: the engine, and what there is to reload with. */
interface Opened {
  readonly engine: OpenedEngine;
  readonly reloads: Reloads;
}

/** A relay as people meet it, whatever engine runs behind it: control socket, admin pages, reloads, status, closing. */
export class RelayFront {
  readonly #options: FrontOptions;
  readonly #now: () => number;
  readonly #started: number;
  readonly #closing = new Closing();
  #opened: Opened | null = null;
  #admin: Admin | null = null;
  #stopping: Promise<void> | null = null;

  constructor(options: FrontOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#started = this.#now();
  }

  /** As bound; empty before `start` has resolved. */
  get listeners(): readonly BoundListener[] {
    return this.#opened?.engine.listeners ?? [];
  }

  /** `host:port` of the admin pages, if there are any. */
  get adminAddress(): string | null {
    return this.#admin?.address ?? null;
  }

  /** Runs a site, by a snapshot as after a reload; resolves when every listener accepts. Rejects, everything closed again, if a port, a file or the queue cannot be had. */
  start(snapshot: SiteSnapshot): Promise<void> {
    return this.#closing.opening(() => this.#open(snapshot));
  }

  /** Reads, checks and tests the site again, and takes it if nothing is wrong. Concurrent requests share a run. */
  async reload(): Promise<ReloadResult> {
    const { reloads } = this.#running();
    const { aroundReload = (work) => work() } = this.#options;
    return aroundReload(() => reloads.request());
  }

  /** New log files under the old names. */
  reopenLogs(): void {
    this.#opened?.engine.reopenLogs();
  }

  /** Into both logs: what a person did to the relay. */
  note(event: ActEvent, fields: object): void {
    noteAct({ log: this.#options.log.log, decisions: this.#opened?.engine.decisions ?? null, now: this.#now }, event, fields);
  }

  /** Stops accepting, lets open transactions and deliveries end within the bound of `limits.shutdown`, and closes. Again: the same promise. */
  stop(): Promise<void> {
    this.#stopping ??= this.#closing.close().finally(() => this.#options.log.flush());
    return this.#stopping;
  }

  /** This process ends right now: it must leave nothing behind. */
  abandon(): void {
    this.#options.engine.kill();
    this.#options.log.flush();
  }

  async status(): Promise<RelayStatus> {
    const { engine, reloads } = this.#running();
    const { listeners } = engine;
    const counts = { connections: engine.connections(), queue: await engine.queue(), workers: engine.workers() };
    return relayStatus({ ...counts, listeners, running: engine.running(), started: this.#started, lastReload: reloads.last });
  }

  #running(): Opened {
    if (!this.#opened) throw new Error('the relay is starting');
    return this.#opened;
  }

  /** The control socket comes first: it tells whether another relay has the queue. */
  async #open(snapshot: SiteSnapshot): Promise<void> {
    const running = makeReady(await inSlices(openingSnapshot(snapshot)), this.#now());
    const { queue, listeners } = running.config;
    const control = await openControl(queue.path, { status: () => this.status(), reload: (actor) => this.#reloadFor(actor) });
    this.#closing.add(() => control.close());
    // Opened last and closed last: it tells that the relay is stopping.
    this.#closing.add(() => this.#admin?.close());
    await removeDeadSockets(listeners);
    const { log, engine: opening } = this.#options;
    const engine = await opening.open({ snapshot, running, log }, this.#closing);
    this.#opened = { engine, reloads: this.#reloading(engine) };
    await this.#openAdmin(engine);
    takeActs(queue.path, { log: log.log, decisions: engine.decisions, now: this.#now });
    const workers = engine.workers();
    const fields = { policy: running.policy.version, rules: running.policy.rules, listeners: (await this.status()).listeners };
    log.log.info(workers.length === 0 ? fields : { ...fields, workers }, 'ready');
  }

  #reloadFor(actor: Actor | null): Promise<ReloadResult> {
    this.note('reload requested', { via: 'control socket', ...claimedBy(actor) });
    return this.reload();
  }

  #reloading({ log, decisions, metrics, running, take }: OpenedEngine): Reloads {
    return new Reloads({ configPath: this.#options.configPath, now: this.#now, log, decisions, metrics, present: running, take });
  }

  async #openAdmin({ running, isReady, figures }: OpenedEngine): Promise<void> {
    const { admin, hostname } = running().config;
    if (admin === null) return;
    this.#admin = await openAdmin(admin.address, {
      hosts: [hostname, ...admin.hosts],
      ready: () => this.#stopping === null && isReady(),
      metrics: figures,
    });
  }
}

export interface RelayOptions extends Omit<FrontOptions, 'engine'> {
  readonly onDecision?: (entry: DecisionEntry) => void;
}

/** The relay of a site in this one process. */
export const singleRelay = ({ onDecision, ...options }: RelayOptions): RelayFront =>
  new RelayFront({ ...options, engine: new SingleProcess({ now: options.now ?? Date.now, onDecision: onDecision ?? null }) });
