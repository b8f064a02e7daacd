import type { Actor } from '../../queue/actor.ts';
import type { BoundListener } from '../../smtp/server.ts';
import type { DecisionEntry } from '../../transaction/decision-entry.ts';
import { openControl } from '../control/listen.ts';
import type { RelayStatus, ReloadResult } from '../control/protocol.ts';
import type { Site } from '../loading/load.ts';
import { type ActEvent, claimedBy, noteAct } from '../logs/acts.ts';
import { takeActs } from '../logs/acts-file.ts';
import type { RelayLog } from '../logs/log.ts';
import { type Admin, openAdmin } from './admin.ts';
import { Closing } from './closing.ts';
import { type Engine, openEngine } from './engine.ts';
import { type ReadySuccessor, Reloads } from './reloads.ts';
import { makeReady } from './running.ts';
import type { Served } from './served.ts';
import { removeDeadSockets } from './sockets.ts';
import { relayStatus } from './status.ts';

export interface RelayOptions {
  /** Read again on every reload. */
  readonly configPath: string;
  readonly log: RelayLog;
  readonly now?: () => number;
  /** Hears of every decision worth noting, beside the decision log. */
  readonly onDecision?: (entry: DecisionEntry) => void;
}

/** The relay of a site in this one process, accepting and delivering mail from `start` to `stop`. */
export class Relay implements Served {
  readonly #configPath: string;
  readonly #log: RelayLog;
  readonly #now: () => number;
  readonly #onDecision: ((entry: DecisionEntry) => void) | null;
  readonly #started: number;
  readonly #closing = new Closing();
  #engine: Engine | null = null;
  #reloads: Reloads | null = null;
  #admin: Admin | null = null;
  #stopping: Promise<void> | null = null;

  constructor({ configPath, log, now, onDecision }: RelayOptions) {
    this.#configPath = configPath;
    this.#log = log;
    this.#now = now ?? Date.now;
    this.#onDecision = onDecision ?? null;
    this.#started = this.#now();
  }

  get listeners(): readonly BoundListener[] {
    return this.#engine?.listeners ?? [];
  }

  get adminAddress(): string | null {
    return this.#admin?.address ?? null;
  }

  start(site: Site): Promise<void> {
    return this.#closing.opening(() => this.#open(site));
  }

  async reload(): Promise<ReloadResult> {
    if (!this.#reloads) throw new Error('the relay is starting');
    return this.#reloads.request();
  }

  #reloadFor(actor: Actor | null): Promise<ReloadResult> {
    this.note('reload requested', { via: 'control socket', ...claimedBy(actor) });
    return this.reload();
  }

  reopenLogs(): void {
    this.#engine?.core.parts.decisions.reopen();
  }

  note(event: ActEvent, fields: object): void {
    noteAct({ log: this.#log.log, decisions: this.#engine?.core.parts.decisions ?? null, now: this.#now }, event, fields);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#closing.close().finally(() => this.#log.flush());
    return this.#stopping;
  }

  /** Nothing is left behind by a process that just ends: what was answered 250 is on the disk. */
  abandon(): void {
    this.#log.flush();
  }

  status(): RelayStatus {
    const { core, connections, queue, listeners } = this.#running();
    const counts = { connections: connections(), queue: queue(), workers: [] };
    return relayStatus({ ...counts, listeners, running: core.running, started: this.#started, lastReload: this.#reloads?.last ?? null });
  }

  #running(): Engine {
    if (!this.#engine) throw new Error('the relay is starting');
    return this.#engine;
  }

  /** The control socket comes first: it tells whether another relay has the queue. */
  async #open(site: Site): Promise<void> {
    const running = makeReady(site, this.#now());
    const control = await openControl(site.config.queue.path, { status: () => this.status(), reload: (actor) => this.#reloadFor(actor) });
    this.#closing.add(() => control.close());
    // Opened last and closed last: it tells that the relay is stopping.
    this.#closing.add(() => this.#admin?.close());
    await removeDeadSockets(site.config.listeners);
    const start = { running, log: this.#log, now: this.#now, onDecision: this.#onDecision, admission: null, ledger: null };
    const engine = await openEngine(start, this.#closing);
    this.#engine = engine;
    this.#reloads = this.#reloading(engine);
    await this.#openAdmin(engine);
    const { policy } = running;
    takeActs(running.config.queue.path, { log: this.#log.log, decisions: engine.core.parts.decisions, now: this.#now });
    this.#log.log.info({ policy: policy.version, rules: policy.rules, listeners: this.status().listeners }, 'ready');
  }

  #reloading({ core }: Engine): Reloads {
    const { log, decisions, metrics } = core.parts;
    const take = async ({ running }: ReadySuccessor): Promise<null> => {
      core.running = running;
      return null;
    };
    return new Reloads({ configPath: this.#configPath, now: this.#now, log, decisions, metrics, present: () => core.running, take });
  }

  async #openAdmin({ core }: Engine): Promise<void> {
    const { admin: address } = core.running.config;
    if (!address) return;
    const pages = { ready: () => this.#stopping === null, metrics: () => core.parts.metrics.text() };
    this.#admin = await openAdmin(address, pages);
  }
}
