import { Delivery } from '../../delivery/delivery.ts';
import type { DecisionEntry } from '../../smtp/decision-entry.ts';
import { type BoundListener, createRelayServer, type RelayServer } from '../../smtp/server.ts';
import type { RelayStatus, ReloadResult } from '../control/protocol.ts';
import type { Site } from '../load.ts';
import { Reloader } from '../reloader.ts';
import { openAdmin } from './admin.ts';
import { Closing } from './closing.ts';
import type { Core } from './core.ts';
import { deliveryParts } from './delivery-parts.ts';
import type { RelayLog } from './log.ts';
import { openCore } from './open-core.ts';
import { serverSettings } from './server-settings.ts';
import { findSuccessor, restartNeeded } from './successor.ts';

export interface RelayOptions {
  /** Read again on every reload. */
  readonly configPath: string;
  readonly log: RelayLog;
  readonly now?: () => number;
  /** Hears of every decision worth noting, beside the decision log. */
  readonly onDecision?: (entry: DecisionEntry) => void;
}

/** The relay of a site, accepting and delivering mail from `start` to `stop`. */
export class Relay {
  readonly #configPath: string;
  readonly #log: RelayLog;
  readonly #now: () => number;
  readonly #onDecision: (entry: DecisionEntry) => void;
  readonly #started: number;
  readonly #closing = new Closing();
  readonly #reloader = new Reloader<ReloadResult>(() => this.#reload());
  #core: Core | null = null;
  #server: RelayServer | null = null;
  #bound: readonly BoundListener[] = [];
  #adminAddress: string | null = null;
  #lastReload: ReloadResult | null = null;
  #stopping: Promise<void> | null = null;

  constructor({ configPath, log, now, onDecision }: RelayOptions) {
    this.#configPath = configPath;
    this.#log = log;
    this.#now = now ?? Date.now;
    this.#onDecision = onDecision ?? (() => undefined);
    this.#started = this.#now();
  }

  /** As bound; empty before `start` has resolved. */
  get listeners(): readonly BoundListener[] {
    return this.#bound;
  }

  /** `host:port` of the admin pages, if there are any. */
  get adminAddress(): string | null {
    return this.#adminAddress;
  }

  /** Runs a site; resolves when every listener accepts. Rejects, everything closed again, if a port, a file or the queue cannot be had. */
  async start(site: Site): Promise<void> {
    try {
      await this.#open(site);
    } catch (error) {
      await this.#closing.close();
      throw error;
    }
  }

  /** Reads, checks and tests the site anew, and takes it if nothing is wrong. Requests that come together share a run. */
  reload(): Promise<ReloadResult> {
    return this.#reloader.request();
  }

  /** New log files under the old names. */
  reopenLogs(): void {
    this.#core?.parts.decisions.reopen();
  }

  /** Stops accepting, lets open transactions and deliveries end within the bound of `limits.shutdown`, and closes. Again: the same promise. */
  stop(): Promise<void> {
    this.#stopping ??= this.#closing.close().finally(() => this.#log.flush());
    return this.#stopping;
  }

  status(): RelayStatus {
    const core = this.#ready();
    const { policy, loaded } = core.running;
    return {
      pid: process.pid,
      policy: policy.version,
      rules: policy.rules,
      started: new Date(this.#started).toISOString(),
      loaded: new Date(loaded).toISOString(),
      lastReload: this.#lastReload,
      connections: this.#server?.connections ?? 0,
      queue: core.parts.store.status(),
      listeners: Object.fromEntries(this.#bound.map(({ name, address }) => [name, address])),
    };
  }

  #ready(): Core {
    if (!this.#core) throw new Error('the relay is starting');
    return this.#core;
  }

  async #open(site: Site): Promise<void> {
    const answers = { status: () => this.status(), reload: () => this.reload() };
    const connections = (): number => this.#server?.connections ?? 0;
    const heard = { answers, connections, onDecision: this.#onDecision };
    const core = await openCore({ site, log: this.#log, now: this.#now, ...heard }, this.#closing);
    this.#core = core;
    await this.#openSockets(core);
    if (core.running.config.admin) await this.#openAdmin(core);
    const { policy } = core.running;
    core.parts.log.info({ policy: policy.version, rules: policy.rules, listeners: this.status().listeners }, 'ready');
  }

  async #openSockets(core: Core): Promise<void> {
    const delivery = new Delivery(deliveryParts(core));
    const server = createRelayServer(serverSettings(core));
    this.#closing.add(async () => {
      const grace = core.running.config.limits.shutdown;
      await Promise.all([server.close(grace), delivery.stop(grace)]);
    });
    this.#server = server;
    this.#bound = await server.open();
    delivery.start();
  }

  async #openAdmin(core: Core): Promise<void> {
    const { admin: address } = core.running.config;
    if (!address) return;
    const pages = { ready: () => this.#stopping === null, metrics: () => core.parts.metrics.text() };
    const admin = await openAdmin(address, pages);
    this.#adminAddress = admin.address;
    this.#closing.add(() => admin.close());
  }

  async #reload(): Promise<ReloadResult> {
    const core = this.#ready();
    const { log, metrics } = core.parts;
    const before = core.running;
    const successor = await findSuccessor(this.#configPath, core.running, this.#now());
    const at = new Date(this.#now()).toISOString();
    metrics.reloaded(successor.running !== null);
    if (successor.running === null) {
      this.#lastReload = { taken: false, at, policy: before.policy.version, reason: successor.reason };
      log.error({ policy: before.policy.version, reason: successor.reason }, 'the new policy was refused, the old one stays');
    } else {
      core.running = successor.running;
      const { policy, config } = successor.running;
      this.#lastReload = { taken: true, at, policy: policy.version, restartNeeded: restartNeeded(before.config, config) };
      log.info(
        { from: before.policy.version, policy: policy.version, restartNeeded: this.#lastReload.restartNeeded },
        'the new policy was taken',
      );
    }
    return this.#lastReload;
  }
}
