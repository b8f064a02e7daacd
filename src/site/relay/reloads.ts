import type { Logger } from 'pino';
import { restartNeeded } from '../config/effects.ts';
import type { ReloadResult } from '../control/protocol.ts';
import type { DecisionLog } from '../logs/decision-log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { Loader } from '../snapshots/loader.ts';
import { Reloader } from './reloader.ts';
import type { Running } from './running.ts';
import { findSuccessor, type Successor } from './successor.ts';

/** A site that was read, checked and tested, and may take over. */
export type ReadySuccessor = Extract<Successor, { readonly snapshot: object }>;

export interface ReloadParts {
  readonly configPath: string;
  readonly now: () => number;
  readonly log: Logger;
  readonly decisions: DecisionLog;
  readonly metrics: Metrics;
  readonly present: () => Running;
  /** Puts it in the place of the present one, everywhere; or changes nothing and says why not. Never rejects. */
  readonly take: (successor: ReadySuccessor) => Promise<string | null>;
}

const APPLIED = 'reload applied';
const REJECTED = 'reload rejected, keeping the current policy';

/** What the log has of a reload. */
export const RELOAD_EVENTS = [APPLIED, REJECTED] as const;

/** The reloads of a relay: one at a time, and what became of the last. */
export class Reloads {
  readonly #parts: ReloadParts;
  readonly #reloader = new Reloader<ReloadResult>(() => this.#run());
  readonly #loader = new Loader();
  #last: ReloadResult | null = null;

  constructor(parts: ReloadParts) {
    this.#parts = parts;
  }

  /** `null`: there has been none since the start. */
  get last(): ReloadResult | null {
    return this.#last;
  }

  /** Reads, checks and tests the site again, and takes it if nothing is wrong. Concurrent requests share a run. */
  request(): Promise<ReloadResult> {
    return this.#reloader.request();
  }

  async #run(): Promise<ReloadResult> {
    const { configPath, now, metrics, present, take } = this.#parts;
    const before = present();
    const successor = await findSuccessor({ configPath, loader: this.#loader, present: before, now: now() });
    const reason = successor.running === null ? successor.reason : await take(successor);
    metrics.reloaded(reason === null);
    this.#last = reason === null ? this.#taken(before) : this.#refused(before, reason);
    return this.#last;
  }

  #taken(before: Running): ReloadResult {
    const { now, log, decisions, present } = this.#parts;
    const { policy, config } = present();
    const needed = restartNeeded(before.config, config);
    const fields = { from: before.policy.version, policy: policy.version, restartNeeded: needed };
    log.info(fields, APPLIED);
    decisions.write({ time: new Date(now()).toISOString(), event: APPLIED, ...fields });
    return { taken: true, at: new Date(now()).toISOString(), policy: policy.version, restartNeeded: needed };
  }

  #refused({ policy }: Running, reason: string): ReloadResult {
    const { now, log, decisions } = this.#parts;
    const fields = { policy: policy.version, reason };
    log.error(fields, REJECTED);
    decisions.write({ time: new Date(now()).toISOString(), event: REJECTED, ...fields });
    return { taken: false, at: new Date(now()).toISOString(), policy: policy.version, reason };
  }
}
