import type { AppliedEffect } from '../policy/decision.ts';
import { type Refusal, refuse } from './outcome.ts';
import { producedAddress } from './produced-address.ts';
import { REPLIES } from './replies.ts';
import type { Session } from './session.ts';
import type { Transaction } from './transaction.ts';

/** Puts into the envelope the sender that rules have produced, the last one counting. An invalid one refuses: then nobody may go on. */
export function rewriteSender(session: Session, transaction: Transaction, effects: readonly AppliedEffect[]): Refusal | null {
  for (const effect of effects) {
    if (effect.effect !== 'rewrite_sender') continue;
    const address = producedAddress(session, effect.address, effect.by);
    if (address === null) return refuse(REPLIES.localProblem, effect.by);
    transaction.sender = address;
    session.facts.set('transaction', 'sender.address', address);
  }
  return null;
}
