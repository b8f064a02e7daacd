import type { AppliedEffect } from '../../policy/decision.ts';
import { madeAddress } from './made-address.ts';
import type { Session } from './session.ts';
import type { Transaction } from './transaction.ts';

/** Puts into the envelope the sender that rules have made, the last one counting. `false` if it is no address: then nobody may go on. */
export function rewriteSender(session: Session, transaction: Transaction, effects: readonly AppliedEffect[]): boolean {
  for (const effect of effects) {
    if (effect.effect !== 'rewrite_sender') continue;
    const address = effect.address === '' ? '' : madeAddress(session, effect.address);
    if (address === null) return false;
    transaction.sender = address;
  }
  return true;
}
