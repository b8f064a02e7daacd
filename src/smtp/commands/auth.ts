import { authenticated } from '../../transaction/connection.ts';
import type { Eventually } from '../../transaction/eventually.ts';
import { pause } from '../../transaction/pause.ts';
import { REPLIES } from '../../transaction/replies.ts';
import { identityOf } from '../../transaction/session-identity.ts';
import { type Answer, answer, challenge, refusal } from '../answer.ts';
import { NoTurn } from '../auth/check-queue.ts';
import type { Credentials, LoginAttempt } from '../auth/logins.ts';
import { decodeBase64, decodePlain } from '../auth/sasl.ts';
import { clientKey } from '../client-key.ts';
import { noteRefusal } from '../session/event.ts';
import type { SmtpSession } from '../session/session.ts';

/** Milliseconds a wrong password costs the client, on top of the hashing. */
const FAILURE_DELAY = 1000;

const USERNAME = challenge(Buffer.from('Username:').toString('base64'));
const PASSWORD = challenge(Buffer.from('Password:').toString('base64'));
const EMPTY = challenge('');

const isProtected = (session: SmtpSession): boolean => session.tls !== null || session.settings.plaintextAuth();

export const offersAuth = (session: SmtpSession): boolean =>
  session.listener.auth !== 'none' && session.settings.authenticate !== null && session.user === null && isProtected(session);

/** RFC 4954 4: PLAIN (RFC 4616) and LOGIN, once per session, never within a transaction. */
export const auth = (session: SmtpSession, argument: string): Eventually<Answer> => {
  if (session.listener.auth === 'none' || session.settings.authenticate === null) return answer(REPLIES.notImplemented);
  if (session.user !== null || session.transaction !== null) return answer(REPLIES.badSequence);
  if (!isProtected(session)) return answer(REPLIES.tlsRequired);
  const [mechanism, initial, ...more] = argument.split(' ');
  if (more.length > 0) return answer(REPLIES.badArguments);
  if (/^plain$/i.test(mechanism ?? '')) return initial === undefined ? ask(session, EMPTY, plain) : plain(session, initial);
  if (/^login$/i.test(mechanism ?? '')) return initial === undefined ? ask(session, USERNAME, loginUser) : loginUser(session, initial);
  return answer(REPLIES.authMechanism);
};

type SaslStep = (session: SmtpSession, response: string) => Eventually<Answer>;

/** The next line is the client's answer; `*` cancels (RFC 4954 4). */
const ask = (session: SmtpSession, question: Answer, step: SaslStep): Answer => {
  session.continuation = (line) => {
    session.continuation = null;
    return line === '*' ? answer(REPLIES.authAborted) : step(session, line);
  };
  return question;
};

const plain = (session: SmtpSession, response: string): Eventually<Answer> => {
  const message = decodePlain(response);
  if (message === null) return answer(REPLIES.authBadResponse);
  const { actsFor, user, password } = message;
  return check(session, { method: 'PLAIN', user, password }, actsFor === user);
};

const loginUser = (session: SmtpSession, response: string): Answer => {
  const user = decodeBase64(response);
  if (user === null || user === '') return answer(REPLIES.authBadResponse);
  return ask(session, PASSWORD, (of, password) => loginPassword(of, user, password));
};

const loginPassword = (session: SmtpSession, user: string, response: string): Eventually<Answer> => {
  const password = decodeBase64(response);
  return password === null ? answer(REPLIES.authBadResponse) : check(session, { method: 'LOGIN', user, password });
};

/**
 * The hook runs once the password has been checked, right or wrong: a rule can refuse a right one, but not allow a wrong
 * one. Without a check (held back, unavailable) it does not run. Acting for another user is not allowed (RFC 4616 2); the
 * password is checked all the same, so that the answer reveals nothing about it.
 */
const check = async (session: SmtpSession, credentials: Credentials, actsForSelf = true): Promise<Answer> => {
  session.attemptedLogin = credentials.user;
  const checked = await verified(session, credentials);
  if (checked === 'unavailable') return answer(REPLIES.authUnavailable);
  if (checked === 'held back') return failed(session, answer(REPLIES.authHeldBack), 'too many failed logins');
  const isRight = checked === 'right' && actsForSelf;
  const outcome = await authenticated(session, { user: credentials.user, method: credentials.method.toLowerCase(), isRight });
  if (outcome.kind !== 'refuse' && isRight) {
    session.attemptedLogin = null;
    return answer(REPLIES.authenticated);
  }
  const said = outcome.kind === 'refuse' ? refusal(outcome) : answer(REPLIES.authFailed);
  return failed(session, said, isRight ? undefined : whyNot(checked, credentials));
};

/** Failed logins end the session after `limits.auth_failures`. Each also costs time, unless a rule refused a right password. */
const failed = async (session: SmtpSession, said: Answer, reason: string | undefined): Promise<Answer> => {
  session.failedLogins++;
  const last = said.next === 'close' || session.failedLogins < session.settings.limits().authFailures;
  const reply = last ? said : answer(REPLIES.tooManyFailedLogins, 'close');
  noteRefusal(session, reply, reason);
  if (reason !== undefined) await pause(FAILURE_DELAY, session.closed);
  return reply;
};

type Checked = 'right' | 'wrong' | 'held back' | 'unavailable';

const whyNot = (checked: Checked, { method }: Credentials): string =>
  checked === 'right' ? 'authorization identity of another user' : `invalid credentials (${method})`;

const verified = async (session: SmtpSession, credentials: Credentials): Promise<Checked> => {
  try {
    return await counted(session, credentials);
  } catch (err) {
    if (!(err instanceof NoTurn)) session.settings.log.error({ err, ...identityOf(session) }, 'authentication unavailable');
    return 'unavailable';
  }
};

const UNCOUNTED: LoginAttempt = { isKnown: false, succeeded: async () => undefined };

const counted = async (session: SmtpSession, credentials: Credentials): Promise<Checked> => {
  const { settings, client, closed } = session;
  const attempt = settings.logins === undefined ? UNCOUNTED : await settings.logins.begin(credentials.user, client.ip);
  if (attempt === null) return 'held back';
  const who = { client: clientKey(client.ip), isKnown: attempt.isKnown, closed };
  const isRight = await settings.authenticate?.(credentials, who);
  if (isRight === undefined) return 'unavailable';
  if (isRight) await attempt.succeeded();
  return isRight ? 'right' : 'wrong';
};
