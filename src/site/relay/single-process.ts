import type { DecisionEntry } from '../../transaction/decision-entry.ts';
import type { Closing } from './closing.ts';
import type { EngineOpening, OpenedEngine, RelayEngine } from './engine.ts';
import { openMailService } from './mail-service.ts';
import type { ReadySuccessor } from './reloads.ts';

export interface SingleProcessOptions {
  readonly now: () => number;
  /** Hears of every decision worth noting, beside the decision log. */
  readonly onDecision: ((entry: DecisionEntry) => void) | null;
}

/** All of the relay in this one process. */
export class SingleProcess implements RelayEngine {
  readonly #options: SingleProcessOptions;

  constructor(options: SingleProcessOptions) {
    this.#options = options;
  }

  async open({ running, log }: EngineOpening, closing: Closing): Promise<OpenedEngine> {
    const { core, listeners, connections, queue } = await openMailService(
      { running, log, ...this.#options, admission: null, ledger: null },
      closing,
    );
    const { decisions, metrics } = core.parts;
    return {
      listeners,
      decisions,
      metrics,
      log: core.parts.log,
      running: () => core.running,
      connections,
      queue,
      workers: () => [],
      isReady: () => true,
      figures: () => metrics.text(),
      take: async (successor: ReadySuccessor): Promise<null> => {
        core.running = successor.running;
        return null;
      },
      reopenLogs: () => decisions.reopen(),
    };
  }

  /** There is no other process; what was answered 250 is on the disk. */
  kill(): void {}
}
