import { after, type Eventually } from './eventually.ts';
import { concluded, runHook } from './hooks.ts';
import { GO_ON } from './outcome.ts';
import type { Session } from './session.ts';

/** Ends the transaction, if there is one: runs `reset` and forgets its facts. */
export const endTransaction = (session: Session): Eventually<void> => {
  if (session.transaction === null) return undefined;
  return after(runHook(session, 'reset'), (decision) => {
    concluded(session, decision, GO_ON);
    session.endTransaction();
  });
};

/** The client has left: ends an open transaction, then runs `disconnect`. */
export const endSession = (session: Session): Eventually<void> =>
  after(endTransaction(session), () =>
    after(runHook(session, 'disconnect'), (decision) => {
      concluded(session, decision, GO_ON);
      session.noteJudged();
    }),
  );
