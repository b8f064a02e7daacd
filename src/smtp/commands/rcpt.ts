import { after, type Eventually } from '../../transaction/eventually.ts';
import { rcpt as runRcptHook } from '../../transaction/rcpt.ts';
import { REPLIES } from '../../transaction/replies.ts';
import { type Answer, answer, refusal } from '../answer.ts';
import type { SmtpSession } from '../session/session.ts';
import { parseRcptParameters } from '../syntax/parameters.ts';
import { parseRecipient, splitPath } from '../syntax/path.ts';

const ACCEPTED = answer(REPLIES.recipientOk);

/** RFC 5321 4.1.1.3. */
export const rcpt = (session: SmtpSession, argument: string): Eventually<Answer> => {
  const { transaction } = session;
  if (transaction === null || session.chunks !== null) return answer(REPLIES.badSequence);
  if (!/^to:/i.test(argument)) return answer(REPLIES.badArguments);
  const split = splitPath(argument.slice(3), session.concessions.bareAddresses);
  const recipient = split && parseRecipient(split.path, transaction.parameters.smtputf8, session.settings.hostname);
  if (split === null || recipient === null) return answer(REPLIES.badRecipient);
  const notice = parseRcptParameters(split.parameters);
  if (!notice.ok) return answer(notice.reply);
  return after(runRcptHook(session, transaction, { address: recipient.address, notice: notice.value }), (outcome) =>
    outcome.kind === 'refuse' ? refusal(outcome) : ACCEPTED,
  );
};
