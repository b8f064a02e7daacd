import type { Reply } from '../../policy/reply.ts';
import type { RecipientNotice } from '../../queue/message.ts';
import { REPLIES } from '../../transaction/replies.ts';
import type { MailParameters } from '../../transaction/transaction.ts';

/** The parameters, or the reply that refuses them. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reply: Reply };

type Parameters = Map<string, string | null>;

/** RFC 3461 4: `+` and two upper-case hexadecimal digits stand for one octet. */
const XTEXT = /^(?:[!-*,-<>-~]|\+[0-9A-F]{2})+$/;
const PARAMETER = /^([A-Za-z0-9][A-Za-z0-9-]*)(?:=([!-<>-~\u0080-\u{10ffff}][!-~\u0080-\u{10ffff}]*))?$/u;

const refused = (reply: Reply): { ok: false; reply: Reply } => ({ ok: false, reply });

/** Splits `KEY=value KEY`; a duplicate or malformed parameter is 501 5.5.4 (RFC 5321 4.1.1.11, RFC 3461 4). */
const readParameters = (text: string): Parsed<Parameters> => {
  const parameters: Parameters = new Map();
  for (const word of text.split(' ')) {
    if (word === '') continue;
    const match = PARAMETER.exec(word);
    const key = match?.[1]?.toUpperCase();
    if (key === undefined || parameters.has(key)) return refused(REPLIES.badParameter);
    parameters.set(key, match?.[2] ?? null);
  }
  return { ok: true, value: parameters };
};

type Reader<T> = (value: string | null) => Partial<T> | null;
type Readers<T> = Readonly<Record<string, Reader<T>>>;

/** An unknown parameter is 555 5.5.4 (RFC 5321 4.1.1.11). */
const collect = <T extends object>(text: string, readers: Readers<T>, start: T): Parsed<T> => {
  if (text === '') return { ok: true, value: start };
  const parameters = readParameters(text);
  if (!parameters.ok) return parameters;
  let value = start;
  for (const [key, given] of parameters.value) {
    const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (reader === undefined) return refused(REPLIES.unknownParameter);
    const part = reader(given);
    if (part === null) return refused(REPLIES.badParameter);
    value = { ...value, ...part };
  }
  return { ok: true, value };
};

const MAIL_READERS: Readers<MailParameters> = {
  SIZE: (value) => (value !== null && /^\d{1,20}$/.test(value) ? { size: Number(value) } : null),
  BODY: (value) =>
    value === null || !/^(?:7bit|8bitmime)$/i.test(value) ? null : { body: value.toLowerCase() === '7bit' ? '7bit' : '8bitmime' },
  SMTPUTF8: (value) => (value === null ? { smtputf8: true } : null),
  RET: (value) => (value === null || !/^(?:full|hdrs)$/i.test(value) ? null : { ret: value.toLowerCase() === 'full' ? 'full' : 'headers' }),
  ENVID: (value) => (value !== null && value.length <= 100 && XTEXT.test(value) ? { envid: value } : null),
  /** RFC 4954 5: only the syntax is checked; no client is trusted to vouch for another, so the value is dropped. */
  AUTH: (value) => (value !== null && (value === '<>' || XTEXT.test(value)) ? {} : null),
};

/** Parameters of MAIL: SIZE (RFC 1870), BODY (6152), SMTPUTF8 (6531), RET and ENVID (3461), AUTH (4954). */
export const parseMailParameters = (text: string): Parsed<MailParameters> =>
  collect<MailParameters>(text, MAIL_READERS, { size: null, body: '7bit', smtputf8: false });

const NOTIFY_WORDS: Readonly<Record<string, 'success' | 'failure' | 'delay'>> = { SUCCESS: 'success', FAILURE: 'failure', DELAY: 'delay' };

const readNotify = (value: string | null): RecipientNotice | null => {
  const words = value?.toUpperCase().split(',') ?? [];
  if (words.length === 1 && words[0] === 'NEVER') return { notify: ['never'] };
  const notify = words.flatMap((word) => NOTIFY_WORDS[word] ?? []);
  return notify.length === words.length && new Set(notify).size === notify.length && notify.length > 0 ? { notify } : null;
};

const RCPT_READERS: Readers<RecipientNotice> = {
  NOTIFY: readNotify,
  /** RFC 6533 3: a utf-8 address type may carry more than xtext. */
  ORCPT: (value) =>
    value !== null && value.length <= 500 && /^[A-Za-z0-9-]+;[!-~\u00a1-\u{10ffff}]+$/u.test(value) ? { orcpt: value } : null,
};

/** Parameters of RCPT: NOTIFY and ORCPT (RFC 3461 4.1, 4.2). */
export const parseRcptParameters = (text: string): Parsed<RecipientNotice> => collect<RecipientNotice>(text, RCPT_READERS, {});
