import { data as runDataHook } from '../../transaction/data.ts';
import { after, type Eventually } from '../../transaction/eventually.ts';
import { REPLIES } from '../../transaction/replies.ts';
import { type Answer, answer, refusal } from '../answer.ts';
import type { SmtpSession } from '../session/session.ts';
import { Reception } from '../submission/reception.ts';
import { LooseMessage } from '../wire/loose-message.ts';
import { type ContentReader, MessageBytes } from '../wire/message-bytes.ts';

const START = answer(REPLIES.startMessage, 'message');

const readerFor = (session: SmtpSession): ContentReader =>
  session.concessions.bareLf ? new LooseMessage({ bare: session.saysBareLf }) : new MessageBytes();

/** RFC 5321 4.1.1.4. The hook runs before 354; after a refusal the message is never sent, and the transaction is over. */
export const data = (session: SmtpSession, argument: string): Eventually<Answer> => {
  const { transaction } = session;
  if (argument !== '') return answer(REPLIES.badArguments);
  if (transaction === null || session.chunks !== null) return answer(REPLIES.badSequence);
  if (transaction.recipientCount === 0) return answer(REPLIES.noRecipients);
  return after(runDataHook(session), (outcome) => {
    if (outcome.kind === 'refuse') return refusal(outcome);
    session.receiving = { reader: readerFor(session), receiver: new Reception(session, transaction) };
    return START;
  });
};
