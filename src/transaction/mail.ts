import { endTransaction } from './end.ts';
import { after, type Eventually } from './eventually.ts';
import { concluded, runHook } from './hooks.ts';
import { type Outcome, outcomeOf, type Refusal, refuse } from './outcome.ts';
import { rewriteSender } from './produced-address.ts';
import { REPLIES } from './replies.ts';
import type { Session } from './session.ts';
import { bindTransactionFacts } from './session-facts.ts';
import type { TransactionStart } from './transaction.ts';

/** Begins a transaction if listener, limits and rules allow it. After a refusal it has ended, and its facts are forgotten. */
export const mail = (session: Session, start: TransactionStart): Eventually<Outcome> => {
  const refused = turnedAway(session, start);
  if (refused !== null) return refused;
  const transaction = session.beginTransaction(start);
  bindTransactionFacts(session);
  return after(runHook(session, 'mail'), (decision) => {
    const verdict = outcomeOf(decision);
    const refusal = verdict.kind === 'refuse' ? verdict : rewriteSender(session, transaction, decision.effects);
    const outcome = concluded(session, decision, refusal ?? verdict);
    return outcome.kind === 'refuse' ? after(endTransaction(session), () => outcome) : outcome;
  });
};

const turnedAway = ({ listener, user, settings }: Session, { parameters }: TransactionStart): Refusal | null => {
  if (listener.auth === 'required' && user === null) return refuse(REPLIES.authRequired, 'listener');
  if ((parameters.size ?? 0) > settings.limits().messageSize) return refuse(REPLIES.tooBig, 'limits');
  return null;
};
