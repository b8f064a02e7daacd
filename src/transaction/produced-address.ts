import type { AppliedEffect } from '../policy/decision.ts';
import { parseMailbox } from '../policy/mailbox-syntax.ts';
import { clipped } from './identity.ts';
import { type Refusal, refuse } from './outcome.ts';
import { REPLIES } from './replies.ts';
import type { Session } from './session.ts';
import { identityOf } from './session-identity.ts';
import type { Transaction } from './transaction.ts';

/** The address that a rule produced, strictly one mailbox. Returns `null` and logs a line if it is invalid: no mail may go there, and the client is not to blame. */
export const producedAddress = (session: Session, text: string, rule: string): string | null => {
  const mailbox = parseMailbox(text, true);
  if (mailbox === null) {
    session.settings.log.error({ ...identityOf(session), by: rule, address: clipped(text) }, 'rule produced an invalid address');
  }
  return mailbox?.address ?? null;
};

/** Sets the envelope sender that rules have produced; the last one wins. An invalid sender refuses the transaction. */
export const rewriteSender = (session: Session, transaction: Transaction, effects: readonly AppliedEffect[]): Refusal | null => {
  for (const effect of effects) {
    if (effect.effect !== 'rewrite_sender') continue;
    const address = producedAddress(session, effect.address, effect.by);
    if (address === null) return refuse(REPLIES.localProblem, effect.by);
    transaction.sender = address;
    session.facts.set('transaction', 'sender.address', address);
  }
  return null;
};
