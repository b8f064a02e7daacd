import type { Reply } from '../policy/reply.ts';

/** Text from outside must not add line breaks (RFC 5321 4.2) or reverse the text a person reads. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** 512 octets including code, longest enhanced code and CR LF (RFC 5321 4.5.3.1.5). */
const TEXT_OCTETS = 496;

/** Buffer for the text as UTF-8; what does not fit is left out, and no character is split. */
const room = new Uint8Array(TEXT_OCTETS);
const utf8 = new TextEncoder();

const clean = (text: string): string => {
  const line = text.replace(CONTROL, ' ');
  return line.length * 3 <= TEXT_OCTETS ? line : line.slice(0, utf8.encodeInto(line, room).read);
};

/** Most replies are said over and over. */
const rendered = new WeakMap<Reply, string>();

/** A one-line reply for the wire. 3xx replies have no enhanced code (RFC 2034 4). */
export const renderReply = (reply: Reply): string => {
  const known = rendered.get(reply);
  if (known !== undefined) return known;
  const { code, enhanced, text } = reply;
  const line = code >= 300 && code < 400 ? `${code} ${clean(text)}\r\n` : `${code} ${enhanced} ${clean(text)}\r\n`;
  rendered.set(reply, line);
  return line;
};

/** Lines without enhanced codes: the greeting and the answer to EHLO (RFC 2034 4). */
export const renderPlain = (code: number, lines: readonly string[]): string =>
  lines.map((line, index) => `${code}${index < lines.length - 1 ? '-' : ' '}${clean(line)}\r\n`).join('');

/** For a client that has not used SMTPUTF8: non-ASCII characters become question marks (RFC 6531 3.7.4.2). */
export const asciiOnly = (reply: string): string => (PRINTABLE.test(reply) ? reply : reply.replace(/[^\p{ASCII}]/gu, '?'));

/** Nearly every reply, and found out sooner than what to replace. */
const PRINTABLE = /^[ -~\r\n]*$/;
