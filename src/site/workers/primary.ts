/*
 * A relay of several processes, on node:cluster. The primary owns the listening sockets and hands every
 * connection to the next worker in turn, so one port, or one Unix socket, serves all, whatever the system thinks
 * of it, and a worker accepts exactly as a relay of one process does. It also keeps the control socket, the
 * signals, the admin pages, and the count of connections; mail never passes through it. Workers judge, queue
 * and deliver, each with a folder of its own in the queue; what limits and greylists remember they ask the primary.
 *
 * A worker that dies is started anew; its connections are lost, its mail goes to whoever takes its folder first.
 * When the primary dies, workers see their channel close, let open transactions end, and end too; the next
 * relay can listen at once, since they hold no listening socket. A reload is read, checked, compiled and tested
 * here, once; the bytes go to all workers, and when all have made them ready all put them in force. Between the
 * first and the last of them lies the way of one message to a process, and the reload is answered after the last.
 */

import type { Ledger } from '../../ledger/ledger.ts';
import type { Actor } from '../../queue/actor.ts';
import type { StoreStatus } from '../../queue/store.ts';
import { Admission } from '../../smtp/admission.ts';
import type { BoundListener } from '../../smtp/server.ts';
import { queueStorage } from '../config/queue-storage.ts';
import { openControl } from '../control/listen.ts';
import type { RelayStatus, ReloadResult } from '../control/protocol.ts';
import type { Site } from '../loading/load.ts';
import { type ActEvent, claimedBy, noteAct } from '../logs/acts.ts';
import { takeActs } from '../logs/acts-file.ts';
import { type DecisionLog, openDecisionLog } from '../logs/decision-log.ts';
import type { RelayLog } from '../logs/log.ts';
import { type Admin, openAdmin } from '../relay/admin.ts';
import { Closing } from '../relay/closing.ts';
import { Metrics, summed } from '../relay/metrics.ts';
import { openLedger } from '../relay/open-ledger.ts';
import { type ReadySuccessor, Reloads } from '../relay/reloads.ts';
import { makeReady, type Running } from '../relay/running.ts';
import type { Served } from '../relay/served.ts';
import { removeDeadSockets } from '../relay/sockets.ts';
import { relayStatus } from '../relay/status.ts';
import { editionOf } from '../snapshots/snapshot.ts';
import { Crew } from './crew.ts';
import { NO_MAIL } from './member.ts';

/** What a worker may need beyond `limits.shutdown` to record outcomes and close its files. Milliseconds. */
const CLOSING = 15_000;

export interface PrimaryOptions {
  /** Read again on every reload. */
  readonly configPath: string;
  readonly log: RelayLog;
  /** Workers; at least one. */
  readonly count: number;
}

/** Everything that is there from the start on. */
interface Begun {
  readonly crew: Crew;
  readonly metrics: Metrics;
  readonly reloads: Reloads;
  /** The workers write into the same file, whole lines each. */
  readonly decisions: DecisionLog;
  running: Running;
}

export class Primary implements Served {
  readonly #options: PrimaryOptions;
  readonly #started = Date.now();
  readonly #closing = new Closing();
  readonly #admission = new Admission(() => this.#here().running.config.limits);
  #begun: Begun | null = null;
  #listeners: readonly BoundListener[] = [];
  #admin: Admin | null = null;
  #stopping: Promise<void> | null = null;

  constructor(options: PrimaryOptions) {
    this.#options = options;
  }

  get listeners(): readonly BoundListener[] {
    return this.#listeners;
  }

  get adminAddress(): string | null {
    return this.#admin?.address ?? null;
  }

  start(site: Site): Promise<void> {
    return this.#closing.opening(() => this.#open(site));
  }

  async reload(): Promise<ReloadResult> {
    return this.#here().reloads.request();
  }

  #reloadFor(actor: Actor | null): Promise<ReloadResult> {
    this.note('reload requested', { via: 'control socket', ...claimedBy(actor) });
    return this.reload();
  }

  reopenLogs(): void {
    this.#begun?.decisions.reopen();
    this.#begun?.crew.reopenLogs();
  }

  note(event: ActEvent, fields: object): void {
    noteAct({ log: this.#options.log.log, decisions: this.#begun?.decisions ?? null, now: Date.now }, event, fields);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#closing.close().finally(() => this.#options.log.flush());
    return this.#stopping;
  }

  abandon(): void {
    this.#begun?.crew.kill();
  }

  async status(): Promise<RelayStatus> {
    const { crew, running, reloads } = this.#here();
    const counts = { connections: this.#admission.total, queue: await this.#queue(), workers: crew.pids };
    return relayStatus({ ...counts, listeners: this.#listeners, running, started: this.#started, lastReload: reloads.last });
  }

  async #queue(): Promise<StoreStatus> {
    const [mail, corrupt] = await Promise.all([this.#here().crew.queue(), this.#corrupt()]);
    return { ...mail, corrupt };
  }

  async #corrupt(): Promise<number> {
    return (await queueStorage(this.#here().running.config).corrupt()).length;
  }

  #here(): Begun {
    if (!this.#begun) throw new Error('the relay is starting');
    return this.#begun;
  }

  async #open(site: Site): Promise<void> {
    const running = makeReady(site, this.#started);
    const control = await openControl(site.config.queue.path, { status: () => this.status(), reload: (actor) => this.#reloadFor(actor) });
    this.#closing.add(() => control.close());
    // Opened last and closed last: it tells that the relay is stopping.
    this.#closing.add(() => this.#admin?.close());
    await removeDeadSockets(site.config.listeners);
    const { log, count } = this.#options;
    const ledger = await openLedger(site.config.queue.path, { log: log.log, now: Date.now });
    this.#closing.add(() => ledger.close());
    const crew = new Crew({
      count,
      edition: editionOf(site),
      log: log.log,
      admission: this.#admission,
      ledger: (request) => ledger.ask(request),
    });
    this.#closing.add(() => crew.stop(this.#here().running.config.limits.shutdown + CLOSING));
    this.#begun = this.#begin(crew, { running, ledger });
    this.#listeners = await crew.open();
    await this.#openAdmin(this.#begun);
    const { policy } = running;
    takeActs(running.config.queue.path, { log: log.log, decisions: this.#begun.decisions, now: Date.now });
    log.log.info({ policy: policy.version, rules: policy.rules, listeners: (await this.status()).listeners, workers: crew.pids }, 'ready');
  }

  #begin(crew: Crew, { running, ledger }: { readonly running: Running; readonly ledger: Ledger }): Begun {
    const { configPath, log } = this.#options;
    /** The connections are in the workers' figures; entries set aside lie in one folder for all. */
    const metrics = new Metrics({
      connections: () => 0,
      queue: async () => ({ ...NO_MAIL, corrupt: await this.#corrupt() }),
      ledger: () => ledger.status,
    });
    const take = (successor: ReadySuccessor): Promise<string | null> => this.#take(successor);
    const decisions = openDecisionLog(running.config.log.decisions, log.log);
    this.#closing.add(() => decisions.close());
    const reloads = new Reloads({ configPath, now: Date.now, log: log.log, decisions, metrics, present: () => this.#here().running, take });
    return { crew, metrics, reloads, decisions, running };
  }

  async #take({ edition, running }: ReadySuccessor): Promise<string | null> {
    const begun = this.#here();
    const problem = await begun.crew.prepare(edition);
    if (problem !== null) return problem;
    begun.running = running;
    await begun.crew.take(edition);
    return null;
  }

  async #openAdmin({ crew, metrics, running }: Begun): Promise<void> {
    const { admin: address } = running.config;
    if (!address) return;
    const ready = (): boolean => this.#stopping === null && crew.isReady;
    const total = async (): Promise<string> => summed([await metrics.figures(), ...(await crew.figures())]);
    this.#admin = await openAdmin(address, { ready, metrics: total });
  }
}
