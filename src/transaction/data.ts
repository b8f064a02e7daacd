import { endTransaction } from './end.ts';
import { after, type Eventually } from './eventually.ts';
import { concluded, runHook } from './hooks.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { Session } from './session.ts';
import { stateRecipients } from './session-facts.ts';

/** The recipients are complete. After a refusal here the message is never sent, and the transaction has ended. */
export const data = (session: Session): Eventually<Outcome> => {
  stateRecipients(session);
  return after(runHook(session, 'data'), (decision) => {
    const outcome = concluded(session, decision, outcomeOf(decision));
    return outcome.kind === 'refuse' ? after(endTransaction(session), () => outcome) : outcome;
  });
};
