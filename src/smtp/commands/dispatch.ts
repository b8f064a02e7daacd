import { type Eventually, guarded } from '../../transaction/eventually.ts';
import { REPLIES } from '../../transaction/replies.ts';
import { identityOf } from '../../transaction/session-identity.ts';
import { type Answer, answer } from '../answer.ts';
import type { SmtpSession } from '../session/session.ts';
import { auth } from './auth.ts';
import { bdat } from './bdat.ts';
import { data } from './data.ts';
import { ehlo, helo } from './helo.ts';
import { mail } from './mail.ts';
import { expn, help, noop, quit, rset, vrfy } from './plain.ts';
import { rcpt } from './rcpt.ts';
import { starttls } from './starttls.ts';

type Command = (session: SmtpSession, argument: string) => Eventually<Answer>;

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['HELO', helo],
  ['EHLO', ehlo],
  ['STARTTLS', starttls],
  ['AUTH', auth],
  ['MAIL', mail],
  ['RCPT', rcpt],
  ['DATA', data],
  ['BDAT', bdat],
  ['RSET', rset],
  ['NOOP', noop],
  ['QUIT', quit],
  ['VRFY', vrfy],
  ['EXPN', expn],
  ['HELP', help],
]);

export const isVerb = (word: string): boolean => COMMANDS.has(word);

/** RFC 5321 4.1.4: these come only after the client has introduced itself. */
const AFTER_HELO: ReadonlySet<string> = new Set(['MAIL', 'AUTH']);

/** In a cross-protocol attack a browser connects to us; its request body must not be read as commands. */
const HTTP = /^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|TRACE|CONNECT|PATCH) \S+ HTTP\//i;

/** The answer to one line from the client, without its CR LF. Never rejects: an internal error is 451. */
export const obey = (session: SmtpSession, line: Buffer): Eventually<Answer> =>
  guarded(
    () => dispatch(session, line),
    (err) => {
      session.settings.log.error({ err, ...identityOf(session) }, 'command failed');
      return answer(REPLIES.localProblem);
    },
  );

const dispatch = (session: SmtpSession, line: Buffer): Eventually<Answer> => {
  const text = decode(line);
  const { continuation } = session;
  if (continuation !== null) return text === null ? malformed(session) : continuation(text);
  if (text === null) return answer(REPLIES.badLine);
  const space = text.indexOf(' ');
  const verb = (space < 0 ? text : text.slice(0, space)).toUpperCase();
  const command = COMMANDS.get(verb);
  if (session.refused && verb !== 'QUIT') return answer(REPLIES.badSequence);
  if (command === undefined) return HTTP.test(text) ? answer(REPLIES.closing, 'close') : answer(REPLIES.unknownCommand);
  if (session.helo === null && AFTER_HELO.has(verb)) return answer(REPLIES.heloFirst);
  return command(session, space < 0 ? '' : text.slice(space + 1).trim());
};

/** A malformed line ends an AUTH exchange. */
export const malformed = (session: SmtpSession): Answer => {
  session.continuation = null;
  return answer(REPLIES.badLine);
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** `null` if the line is not UTF-8 or contains a control character. */
const decode = (line: Buffer): string | null => {
  const text = line.toString('latin1');
  if (/^[ -~]*$/.test(text)) return text;
  try {
    const decoded = utf8.decode(line);
    return /\p{Cc}/u.test(decoded) ? null : decoded;
  } catch {
    return null;
  }
};
