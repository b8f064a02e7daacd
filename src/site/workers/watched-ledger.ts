import type { Log } from '../../transaction/settings.ts';
import type { AskLedger } from '../relay/counters.ts';

/** Says in the log when the ledger gives no answer, and when it does again: a limit that nobody can ask for is passed over in silence otherwise. */
export const watchedLedger = (ask: AskLedger, log: Pick<Log, 'error' | 'info'>): AskLedger => {
  let isAway = false;
  return async (request) => {
    try {
      const held = await ask(request);
      if (isAway) log.info({}, 'ledger answers again');
      isAway = false;
      return held;
    } catch (err) {
      if (!isAway) log.error({ err }, 'ledger not answering, limits and greylist unknown');
      isAway = true;
      throw err;
    }
  };
};
