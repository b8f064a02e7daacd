import { clipped } from '../../transaction/identity.ts';
import { identityOf } from '../../transaction/session-identity.ts';
import type { Answer } from '../answer.ts';
import type { SmtpSession } from './session.ts';

/** The log message for a refused command, by verb; `CONNECT` stands for the greeting. */
const REFUSALS: Readonly<Record<string, string>> = {
  CONNECT: 'connection refused',
  HELO: 'helo refused',
  EHLO: 'helo refused',
  AUTH: 'authentication failed',
  MAIL: 'sender refused',
  RCPT: 'recipient refused',
  DATA: 'message refused',
  BDAT: 'message refused',
};

const REFUSAL = 'command refused';

/** All events in sessions and before them; docs/logs.md explains each. */
export const SESSION_EVENTS: readonly string[] = [
  ...new Set([...Object.values(REFUSALS), REFUSAL]),
  'connection closed',
  'early talker',
  'tls handshake failed',
  'proxy header refused',
  'queued',
  'quarantined',
  'discarded',
  'message abandoned',
];

/** Callers limit the length of text from the client. */
export type EventDetails = Readonly<Record<string, string | number | undefined>>;

export const noteEvent = (session: SmtpSession, event: string, details: EventDetails = {}): void => {
  const fields = { ...identityOf(session), ...details };
  session.settings.log.info(fields, event);
  const { events, now } = session.settings;
  const { version } = session.subject?.policy ?? session.policy;
  events({ time: new Date(now()).toISOString(), event, ...fields, policy: version });
};

/** Logs a refusal, once per answer. If a rule refused, the decision log already has it. */
export const noteRefusal = (session: SmtpSession, said: Answer, reason?: string): void => {
  session.noted = said;
  const event = REFUSALS[session.command.verb] ?? REFUSAL;
  const details = { ...partsOf(said), reason, by: session.refusedBy ?? said.by, ...askedFor(session) };
  if (session.refusedBy === null) noteEvent(session, event, details);
  else session.settings.log.info({ ...identityOf(session), ...details }, event);
};

/** A reply of one line, taken apart. */
export const partsOf = ({ code, text }: Answer): EventDetails => {
  const [, enhanced, rest] = /^\d{3} (?:(\d\.\d{1,3}\.\d{1,3}) )?(.*)/.exec(text) ?? [];
  return { code, enhanced, text: rest };
};

/** What the client asked for, well-formed or not. */
const askedFor = ({ command: { verb, argument }, helo, subject }: SmtpSession): EventDetails => {
  if (argument === null || argument === '') return { command: verb };
  const asked = { command: verb, argument: clipped(argument) };
  if (verb === 'RCPT') return { ...asked, recipient: pathIn(argument), recipients: undefined, moreRecipients: undefined };
  if (verb === 'MAIL' && subject === null) return { ...asked, sender: pathIn(argument) };
  if ((verb === 'HELO' || verb === 'EHLO') && helo === null) return { ...asked, helo: clipped(argument) };
  return asked;
};

/** The address as written, for example in `TO:<ann@example.com> NOTIFY=NEVER`. */
const pathIn = (argument: string): string => clipped(/<([^>]*)>/.exec(argument)?.[1] ?? argument.replace(/^\w+:\s*/, ''));
