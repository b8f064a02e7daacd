import type { Eventually } from '../../transaction/eventually.ts';
import { REPLIES } from '../../transaction/replies.ts';
import { type Answer, answer } from '../answer.ts';
import { afterTransaction } from '../session/lifecycle.ts';
import type { SmtpSession } from '../session/session.ts';

/** No TLS without a configured certificate: we never generate one. */
export const offersTls = (session: SmtpSession): boolean =>
  session.listener.tls === 'starttls' && session.tls === null && session.settings.tls() !== null;

/** RFC 3207 4. Plain text pipelined after it is never processed. */
export const starttls = (session: SmtpSession, argument: string): Eventually<Answer> => {
  if (argument !== '') return answer(REPLIES.badArguments);
  if (session.listener.tls !== 'starttls') return answer(REPLIES.notImplemented);
  if (session.tls !== null) return answer(REPLIES.badSequence);
  if (session.settings.tls() === null) return answer(REPLIES.tlsUnavailable);
  return afterTransaction(session, answer(REPLIES.readyForTls, 'tls'));
};
