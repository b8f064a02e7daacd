/*
 * A relay of several processes, on node:cluster. The primary owns the listening sockets and hands every
 * connection to the next worker in turn, so one port, or one Unix socket, serves all, whatever the system thinks
 * of it, and a worker accepts exactly as a relay of one process does. It also keeps the control socket, the
 * signals, the admin pages, and the count of connections; mail never passes through it. Workers evaluate, queue
 * and deliver, each with a folder of its own in the queue; what limits and greylists remember they ask the primary.
 *
 * A worker that dies is restarted; its connections are lost, its mail goes to the first worker that takes its folder.
 * When the primary dies, workers see their channel close, let open transactions end, and end too; the next
 * relay can listen at once, since they hold no listening socket. A reload is read, checked, compiled and tested
 * here, once; the bytes go to all workers, and when all have made them ready all put them in force. Between the
 * first and the last of them lies the way of one message to a process, and the reload is answered after the last.
 */

import type { Ledger } from '../../ledger/ledger.ts';
import type { StoreStatus } from '../../queue/store.ts';
import { Admission } from '../../smtp/admission.ts';
import { queueStorage } from '../config/queue-storage.ts';
import { openDecisionLog } from '../logs/decision-log.ts';
import { Metrics, summed } from '../metrics/metrics.ts';
import type { Closing } from '../relay/closing.ts';
import type { EngineOpening, OpenedEngine, RelayEngine } from '../relay/engine.ts';
import { openLedger } from '../relay/open-ledger.ts';
import type { ReadySuccessor } from '../relay/reloads.ts';
import type { Running } from '../relay/running.ts';
import { NO_MAIL } from './messages.ts';
import { WorkerSlots } from './slots.ts';

/** What a worker may need beyond `limits.shutdown` to record outcomes and close its files. Milliseconds. */
const CLOSING = 15_000;

/** What the primary of a running pool has. */
interface Begun {
  readonly slots: WorkerSlots;
  readonly ledger: Ledger;
  running: Running;
}

/** Entries that were set aside lie in one folder for all. */
const setAside = async ({ running }: Begun): Promise<number> => (await queueStorage(running.config).corrupt()).length;

const queueOf = async (begun: Begun): Promise<StoreStatus> => {
  const [mail, corrupt] = await Promise.all([begun.slots.queue(), setAside(begun)]);
  return { ...mail, corrupt };
};

/** The connections are in the workers' figures. */
const primaryMetrics = (begun: Begun): Metrics =>
  new Metrics({
    connections: () => 0,
    queue: async () => ({ ...NO_MAIL, corrupt: await setAside(begun) }),
    ledger: () => begun.ledger.status,
  });

const take = async (begun: Begun, { snapshot, running }: ReadySuccessor): Promise<string | null> => {
  const problem = await begun.slots.prepare(snapshot);
  if (problem !== null) return problem;
  begun.running = running;
  await begun.slots.take(snapshot);
  return null;
};

export class WorkerPool implements RelayEngine {
  readonly #count: number;
  #slots: WorkerSlots | null = null;

  /** `count` workers; at least one. */
  constructor(count: number) {
    this.#count = count;
  }

  async open(opening: EngineOpening, closing: Closing): Promise<OpenedEngine> {
    const { running, log } = opening;
    const decisions = openDecisionLog(running.config.log.decisions, log.log);
    closing.add(() => decisions.close());
    const admission = new Admission(() => begun.running.config.limits);
    const begun = await this.#begin(opening, closing, admission);
    const { slots } = begun;
    const metrics = primaryMetrics(begun);
    return {
      listeners: await slots.open(),
      decisions,
      metrics,
      log: log.log,
      running: () => begun.running,
      connections: () => admission.total,
      queue: () => queueOf(begun),
      workers: () => slots.pids,
      isReady: () => slots.isReady,
      figures: async () => summed([await metrics.figures(), ...(await slots.figures())]),
      take: (successor) => take(begun, successor),
      reopenLogs: () => {
        decisions.reopen();
        slots.reopenLogs();
      },
    };
  }

  kill(): void {
    this.#slots?.kill();
  }

  async #begin({ snapshot, running, log }: EngineOpening, closing: Closing, admission: Admission): Promise<Begun> {
    const ledger = await openLedger(running.config.queue.path, { log: log.log, now: Date.now });
    closing.add(() => ledger.close());
    const slots = new WorkerSlots({
      count: this.#count,
      snapshot,
      log: log.log,
      admission,
      ledger: (request) => ledger.ask(request),
    });
    this.#slots = slots;
    const begun: Begun = { slots, ledger, running };
    closing.add(() => slots.stop(begun.running.config.limits.shutdown + CLOSING));
    return begun;
  }
}
