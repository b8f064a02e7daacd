import { type Answer, answer, refusal } from '../answer.ts';
import { after, type Eventually } from '../eventually.ts';
import { REPLIES } from '../replies.ts';
import { outcomeOf } from '../reply.ts';
import { runHook } from '../session/hooks.ts';
import { afterTransaction } from '../session/lifecycle.ts';
import type { Session } from '../session/session.ts';
import { stateRecipients } from '../session/session-facts.ts';
import { Reception } from '../submission/reception.ts';
import { MessageBytes } from '../wire/message-bytes.ts';

const START = answer(REPLIES.startMessage, 'message');

/** RFC 5321 4.1.1.4. The hook runs before 354: refused, the message is never sent, and the transaction is over. */
export function data(session: Session, argument: string): Eventually<Answer> {
  const { transaction } = session;
  if (argument !== '') return answer(REPLIES.badArguments);
  if (transaction === null || transaction.chunks !== null) return answer(REPLIES.badSequence);
  if (transaction.recipientCount === 0) return answer(REPLIES.noRecipients);
  stateRecipients(session);
  return after(runHook(session, 'data'), (decision) => {
    const outcome = outcomeOf(decision);
    if (outcome.kind === 'refuse') return afterTransaction(session, refusal(outcome));
    session.receiving = { reader: new MessageBytes(), receiver: new Reception(session, transaction) };
    return START;
  });
}
