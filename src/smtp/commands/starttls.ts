import type { Eventually } from '../../transaction/eventually.ts';
import { REPLIES } from '../../transaction/replies.ts';
import { type Answer, answer } from '../answer.ts';
import { afterTransaction } from '../session/lifecycle.ts';
import type { SmtpSession } from '../session/session.ts';

/** Without a certificate of our own there is no TLS: none is made up. */
export const offersTls = (session: SmtpSession): boolean =>
  session.listener.tls === 'starttls' && session.tls === null && session.settings.tls() !== null;

/** RFC 3207 4. What was pipelined behind it in plain text is never looked at. */
export const starttls = (session: SmtpSession, argument: string): Eventually<Answer> => {
  if (argument !== '') return answer(REPLIES.badArguments);
  if (session.listener.tls !== 'starttls') return answer(REPLIES.notImplemented);
  if (session.tls !== null) return answer(REPLIES.badSequence);
  if (session.settings.tls() === null) return answer(REPLIES.tlsUnavailable);
  return afterTransaction(session, answer(REPLIES.readyForTls, 'tls'));
};
