import { type Answer, answer, refusal } from '../answer.ts';
import { after, type Eventually } from '../eventually.ts';
import { REPLIES } from '../replies.ts';
import { outcomeOf } from '../reply.ts';
import { runHook } from '../session/hooks.ts';
import { afterTransaction } from '../session/lifecycle.ts';
import { rewriteSender } from '../session/rewrite-sender.ts';
import type { Session } from '../session/session.ts';
import { bindTransactionFacts } from '../session/session-facts.ts';
import { parseMailbox } from '../syntax/mailbox.ts';
import { type MailParameters, parseMailParameters } from '../syntax/parameters.ts';
import { splitPath } from '../syntax/path.ts';

const ACCEPTED = answer(REPLIES.senderOk);

/** RFC 5321 4.1.1.2. What a MAIL that was refused had said is gone with it. */
export function mail(session: Session, argument: string): Eventually<Answer> {
  if (session.transaction !== null) return answer(REPLIES.badSequence);
  if (session.listener.auth === 'required' && session.user === null) return answer(REPLIES.authRequired);
  if (!/^from:/i.test(argument)) return answer(REPLIES.badArguments);
  const split = splitPath(argument.slice(5));
  if (split === null) return answer(REPLIES.badSender);
  const parameters = parseMailParameters(split.parameters);
  if (!parameters.ok) return answer(parameters.reply);
  const sender = split.path === '' ? '' : parseMailbox(split.path, parameters.value.smtputf8)?.address;
  if (sender === undefined) return answer(REPLIES.badSender);
  if ((parameters.value.size ?? 0) > session.settings.limits().messageSize) return answer(REPLIES.tooBig);
  return begin(session, sender, parameters.value);
}

function begin(session: Session, sender: string, parameters: MailParameters): Eventually<Answer> {
  const transaction = session.beginTransaction({ sender, parameters });
  bindTransactionFacts(session);
  return after(runHook(session, 'mail'), (decision) => {
    const outcome = outcomeOf(decision);
    if (outcome.kind === 'refuse') return afterTransaction(session, refusal(outcome));
    if (!rewriteSender(session, transaction, decision.effects)) return afterTransaction(session, answer(REPLIES.localProblem));
    return ACCEPTED;
  });
}
