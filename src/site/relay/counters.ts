import { clientNetwork } from '../../ledger/client-network.ts';
import { greylistRequest, type LedgerRequest, limitRequest } from '../../ledger/request.ts';
import type { Counters } from '../../lookup/finder.ts';
import type { FactSource } from '../../policy/value.ts';

/** The ledger, in this process or in another. Rejects if it gives no answer: the answer is then unknown. */
export type AskLedger = (request: LedgerRequest) => Promise<boolean>;

const networkOf = (facts: FactSource): string => {
  const ip = facts.get('client.ip');
  return typeof ip === 'string' ? clientNetwork(ip) : '';
};

/** Limits and greylists as policy asks for them. */
export const ledgerCounters = (ask: AskLedger): Counters => ({
  limit: (need, facts) => ask(limitRequest({ ...need, network: networkOf(facts) })),
  greylist: (need, facts) => ask(greylistRequest({ ...need, network: networkOf(facts) })),
});
