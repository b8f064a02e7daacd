import { enter } from '../../transaction/connection.ts';
import { endSession as end, endTransaction as endOf } from '../../transaction/end.ts';
import { after, type Eventually } from '../../transaction/eventually.ts';
import { pause } from '../../transaction/pause.ts';
import { type Answer, plainAnswer, refusal } from '../answer.ts';
import { noteEvent } from './event.ts';
import type { SmtpSession } from './session.ts';

/**
 * From the accepted connection to the greeting: `connect_init`, `lookup_rdns`, the pause for early talkers,
 * `connect`. A client refused here may only say QUIT (RFC 5321 3.1).
 */
export const greet = (session: SmtpSession): Eventually<Answer> =>
  after(admit(session, 'connect_init'), (first) => {
    if (first !== null) return first;
    return after(admit(session, 'lookup_rdns'), (second) => second ?? after(waited(session), () => connect(session)));
  });

const connect = (session: SmtpSession): Eventually<Answer> =>
  after(admit(session, 'connect'), (refused) => refused ?? plainAnswer(220, [`${session.settings.hostname} ESMTP`]));

const waited = (session: SmtpSession): Eventually<void> => {
  const milliseconds = session.settings.greetingPause();
  return milliseconds > 0 ? pause(milliseconds, session.closed) : undefined;
};

/** `null`: admitted. */
const admit = (session: SmtpSession, hook: 'connect_init' | 'lookup_rdns' | 'connect'): Eventually<Answer | null> =>
  after(enter(session, hook), (outcome) => {
    if (outcome.kind !== 'refuse') return null;
    session.refused = true;
    return refusal(outcome);
  });

/** Ends the transaction, if there is one, and discards what BDAT has received of its message. */
export const endTransaction = (session: SmtpSession): Eventually<void> => {
  const { chunks, transaction } = session;
  if (transaction !== null && !transaction.isAnswered && transaction.recipientCount > 0)
    noteEvent(session, 'message abandoned', { reason: reasonOf(session) });
  if (chunks === null) return endOf(session);
  session.chunks = null;
  return after(chunks.discard(), () => endOf(session));
};

/** Why recipients that were accepted get no message after all. */
const reasonOf = ({ isClosed, command: { verb } }: SmtpSession): string =>
  isClosed && verb !== 'QUIT' ? 'the connection ended before the message did' : `the client said ${verb}`;

/** The client has left or was dismissed: discards an open transaction, then runs `reset` and `disconnect`. */
export const endSession = async (session: SmtpSession): Promise<void> => {
  const { receiving } = session;
  session.receiving = null;
  session.close();
  await receiving?.receiver.discard();
  await endTransaction(session);
  await end(session);
};

/** Answers after the transaction has ended. */
export const afterTransaction = (session: SmtpSession, last: Answer): Eventually<Answer> => after(endTransaction(session), () => last);
