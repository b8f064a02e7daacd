import { mkdirSync } from 'node:fs';
import type { AnsweredRequest } from '../../queue/administration.ts';
import { openQueue } from '../../queue/mail-queue.ts';
import type { StoreStatus } from '../../queue/store.ts';
import { queueStorage } from '../config/queue-storage.ts';
import { noteAct, requestFields } from '../logs/acts.ts';
import { openDecisionLog } from '../logs/decision-log.ts';
import type { RelayLog } from '../logs/log.ts';
import { Metrics } from '../metrics/metrics.ts';
import type { Closing } from './closing.ts';
import { Core, type CoreParts } from './core.ts';
import { type AskLedger, ledgerCounters } from './counters.ts';
import { diskShare } from './disk-share.ts';
import { openLedger } from './open-ledger.ts';
import type { Running } from './running.ts';

export interface CoreStart {
  readonly running: Running;
  readonly log: RelayLog;
  readonly now: () => number;
  readonly connections: () => number;
  /** What this process tells of the queue, by what its store tells. */
  readonly queueStatus: (status: StoreStatus) => StoreStatus;
  readonly onDecision: CoreParts['onDecision'];
  /** In the primary of several processes; `null`: this process has it. */
  readonly ledger: AskLedger | null;
}

/** Opens what lies on the disk: decision log, queue, and the ledger where it is this process's. Whatever is opened is entered in `closing`. */
export const openCore = async (start: CoreStart, closing: Closing): Promise<Core> => {
  const { running, log, now, connections, queueStatus, onDecision } = start;
  const { path } = running.config.queue;
  const onError = (err: unknown): void => log.log.error({ err }, 'background task failed');
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const decisions = openDecisionLog(running.config.log.decisions, log.log);
  closing.add(() => decisions.close());
  const storage = queueStorage(running.config, diskShare(path).segment);
  const store = await storage.open((damage) => log.log.error(damage, 'damaged queue entry set aside'));
  closing.add(() => store.close());
  const own = start.ledger === null ? await openLedger(path, { log: log.log, now }) : null;
  closing.add(() => own?.close());
  const ask: AskLedger = start.ledger ?? ((request) => own?.ask(request) ?? Promise.reject(new Error('the ledger is closed')));
  const counters = ledgerCounters(ask);
  const queue = openQueue({ store, now, onError });
  closing.add(() => queue.close());
  const onAnswered = (request: AnsweredRequest): void =>
    noteAct({ log: log.log, decisions, now }, 'queue operation', requestFields(request));
  const answering = storage.answerRequests({ queue, onError, onAnswered });
  closing.add(() => answering.stop());
  const metrics = new Metrics({ connections, queue: () => queueStatus(store.status()), ledger: () => own?.status ?? null });
  return new Core({ store, queue, ledger: ask, counters, log: log.log, decisions, metrics, now, onDecision }, running);
};
