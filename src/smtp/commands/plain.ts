import { type Answer, answer } from '../answer.ts';
import type { Eventually } from '../eventually.ts';
import { REPLIES } from '../replies.ts';
import { afterTransaction } from '../session/lifecycle.ts';
import type { Session } from '../session/session.ts';

const OK = answer(REPLIES.ok);

/** RFC 5321 4.1.1.9: an argument is ignored. */
export const noop = (): Answer => OK;

/** RFC 5321 4.1.1.5. */
export const rset = (session: Session, argument: string): Eventually<Answer> =>
  argument === '' ? afterTransaction(session, OK) : answer(REPLIES.badArguments);

export const quit = (_session: Session, argument: string): Answer =>
  argument === '' ? answer(REPLIES.bye, 'close') : answer(REPLIES.badArguments);

/** RFC 5321 7.3: who exists is nobody's business before RCPT. */
export const vrfy = (_session: Session, argument: string): Answer => answer(argument === '' ? REPLIES.badArguments : REPLIES.cannotVerify);

export const expn = (): Answer => answer(REPLIES.notImplemented);

export const help = (): Answer => answer(REPLIES.help);
