import type { Eventually } from '../../transaction/eventually.ts';
import { REPLIES } from '../../transaction/replies.ts';
import { type Answer, answer } from '../answer.ts';
import { afterTransaction } from '../session/lifecycle.ts';
import type { SmtpSession } from '../session/session.ts';

const OK = answer(REPLIES.ok);

/** RFC 5321 4.1.1.9: an argument is ignored. */
export const noop = (): Answer => OK;

/** RFC 5321 4.1.1.5. */
export const rset = (session: SmtpSession, argument: string): Eventually<Answer> =>
  argument === '' ? afterTransaction(session, OK) : answer(REPLIES.badArguments);

export const quit = (_session: SmtpSession, argument: string): Answer =>
  argument === '' ? answer(REPLIES.bye, 'close') : answer(REPLIES.badArguments);

/** RFC 5321 7.3: which addresses exist is not disclosed before RCPT. */
export const vrfy = (_session: SmtpSession, argument: string): Answer =>
  answer(argument === '' ? REPLIES.badArguments : REPLIES.cannotVerify);

export const expn = (): Answer => answer(REPLIES.notImplemented);

export const help = (): Answer => answer(REPLIES.help);
