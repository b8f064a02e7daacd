import { parseMailbox } from '../../policy/mailbox-syntax.ts';
import { after, type Eventually } from '../../transaction/eventually.ts';
import { mail as begin } from '../../transaction/mail.ts';
import { REPLIES } from '../../transaction/replies.ts';
import { type Answer, answer, refusal } from '../answer.ts';
import type { SmtpSession } from '../session/session.ts';
import { parseMailParameters } from '../syntax/parameters.ts';
import { splitPath } from '../syntax/path.ts';

const ACCEPTED = answer(REPLIES.senderOk);

/** RFC 5321 4.1.1.2. After a refused MAIL, nothing it said is kept. */
export const mail = (session: SmtpSession, argument: string): Eventually<Answer> => {
  if (session.transaction !== null) return answer(REPLIES.badSequence);
  if (session.listener.auth === 'required' && session.user === null) return answer(REPLIES.authRequired);
  if (!/^from:/i.test(argument)) return answer(REPLIES.badArguments);
  const split = splitPath(argument.slice(5), session.concessions.bareAddresses);
  if (split === null) return answer(REPLIES.badSender);
  const parameters = parseMailParameters(split.parameters);
  if (!parameters.ok) return answer(parameters.reply);
  const sender = split.path === '' ? '' : parseMailbox(split.path, parameters.value.smtputf8)?.address;
  if (sender === undefined) return answer(REPLIES.badSender);
  return after(begin(session, { sender, parameters: parameters.value }), (outcome) =>
    outcome.kind === 'refuse' ? refusal(outcome) : ACCEPTED,
  );
};
