import { join } from 'node:path';
import type { Logger } from 'pino';
import { Ledger, type LedgerEvent } from '../../ledger/ledger.ts';
import { diskShare } from './disk-share.ts';

const logged =
  (log: Logger) =>
  (event: LedgerEvent): void => {
    if (event.event === 'failed') log.error({ err: event.error }, 'ledger not writable, counting in memory');
    else if (event.event === 'recovered') log.info('ledger writable again');
    else if (event.event === 'damaged') log.error({ bytes: event.bytes }, 'ledger damaged, damaged part left out');
    else if (event.event === 'former files') log.warn('ledger of an older version removed');
    else log.warn({ evicted: event.evicted, entries: event.entries }, 'ledger full, oldest entries dropped');
  };

/** The ledger of the queue in a folder that is there. One process of the relay has it. */
export const openLedger = (queuePath: string, { log, now }: { readonly log: Logger; readonly now: () => number }): Promise<Ledger> =>
  Ledger.open({ path: join(queuePath, 'ledger'), bytes: diskShare(queuePath).ledger, now, report: logged(log) });
