import { Delivery } from '../../delivery/delivery.ts';
import type { StoreStatus } from '../../queue/store.ts';
import type { AdmissionControl } from '../../smtp/admission.ts';
import { type BoundListener, createRelayServer, type RelayServer } from '../../smtp/server.ts';
import type { DecisionEntry } from '../../transaction/decision-entry.ts';
import type { RelayLog } from '../logs/log.ts';
import type { Closing } from './closing.ts';
import type { Core } from './core.ts';
import type { AskLedger } from './counters.ts';
import { deliveryParts } from './delivery-parts.ts';
import { openCore } from './open-core.ts';
import type { Running } from './running.ts';
import { serverSettings } from './server-settings.ts';

export interface MailServiceStart {
  readonly running: Running;
  readonly log: RelayLog;
  readonly now: () => number;
  readonly onDecision: ((entry: DecisionEntry) => void) | null;
  /** Who counts connections for all processes of the relay; `null` where there is but this one. */
  readonly admission: AdmissionControl | null;
  /** The ledger of the relay; `null`: this process opens it. */
  readonly ledger: AskLedger | null;
}

/** All that accepts, queues and delivers mail in one process. */
export interface MailService {
  readonly core: Core;
  readonly listeners: readonly BoundListener[];
  readonly connections: () => number;
  readonly queue: () => StoreStatus;
}

/** Entries that were set aside lie in one folder for all processes: somebody else counts them, once. */
const ownShare = (status: StoreStatus): StoreStatus => ({ ...status, corrupt: 0 });

/** Resolves when every listener accepts, mail being delivered. Whatever is opened is entered in `closing`. */
export const openMailService = async (start: MailServiceStart, closing: Closing): Promise<MailService> => {
  let server: RelayServer | null = null;
  const connections = (): number => server?.connections ?? 0;
  const queueStatus = start.admission === null ? (status: StoreStatus) => status : ownShare;
  const core = await openCore({ ...start, connections, queueStatus }, closing);
  const delivery = new Delivery(deliveryParts(core));
  const listening = createRelayServer(serverSettings(core, start.admission));
  server = listening;
  closing.add(async () => {
    const grace = core.running.config.limits.shutdown;
    await Promise.all([listening.close(grace), delivery.stop(grace)]);
  });
  const listeners = await listening.open();
  delivery.start();
  return { core, listeners, connections, queue: () => queueStatus(core.parts.store.status()) };
};
