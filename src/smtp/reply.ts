import type { Reply } from '../policy/reply.ts';

/** Line breaks are the wire's own; no outside text may add one (RFC 5321 4.2) or reverse the text a person reads. */
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** 512 octets with code, longest enhanced code and CR LF (RFC 5321 4.5.3.1.5). */
const TEXT_OCTETS = 496;

/** Room for the text as UTF-8; what does not fit is left out, no character in part. */
const room = new Uint8Array(TEXT_OCTETS);
const utf8 = new TextEncoder();

const clean = (text: string): string => {
  const line = text.replace(CONTROL, ' ');
  return line.length * 3 <= TEXT_OCTETS ? line : line.slice(0, utf8.encodeInto(line, room).read);
};

/** A reply on the wire, one line. RFC 2034 4 gives 3yz no enhanced code. */
export const renderReply = ({ code, enhanced, text }: Reply): string =>
  code >= 300 && code < 400 ? `${code} ${clean(text)}\r\n` : `${code} ${enhanced} ${clean(text)}\r\n`;

/** Lines without enhanced codes: the greeting and the answer to EHLO (RFC 2034 4). */
export const renderPlain = (code: number, lines: readonly string[]): string =>
  lines.map((line, index) => `${code}${index < lines.length - 1 ? '-' : ' '}${clean(line)}\r\n`).join('');

/** For a client that has not said SMTPUTF8: what is no ASCII becomes a question mark (RFC 6531 3.7.4.2). */
export const asciiOnly = (reply: string): string => reply.replace(/[^\p{ASCII}]/gu, '?');
