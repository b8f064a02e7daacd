import { after, type Eventually } from './eventually.ts';
import { concluded, runHook } from './hooks.ts';
import { GO_ON } from './outcome.ts';
import type { Session } from './session.ts';

/** The transaction, if there is one, is over: `reset`, and its facts are forgotten. */
export const endTransaction = (session: Session): Eventually<void> => {
  if (session.transaction === null) return undefined;
  return after(runHook(session, 'reset'), (decision) => {
    concluded(session, decision, GO_ON);
    session.endTransaction();
  });
};

/** The client is gone: whatever was open ends first, then `disconnect`. */
export const endSession = (session: Session): Eventually<void> =>
  after(endTransaction(session), () => after(runHook(session, 'disconnect'), (decision) => void concluded(session, decision, GO_ON)));
