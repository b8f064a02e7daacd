/** A next hop's reply, parsed and sanitised. */
export interface ServerReply {
  /** 0 if it was not an SMTP reply. */
  readonly code: number;
  /** Never empty: `x.0.0` of the code's class if the next hop gave none or one of another class. */
  readonly enhanced: string;
  /** One line of at most 500 characters, no control characters. */
  readonly text: string;
  /** The whole reply, codes included, on one line of at most 500 characters. */
  readonly verbatim: string;
}

const TEXT_LIMIT = 500;
const FIRST_LINE = /^(\d{3})(?:[ -](?:([245]\.\d{1,3}\.\d{1,3})(?=[ \r\n]|$))?|$)/;
const LINE_PREFIX = /^\d{3}(?:[ -](?:[245]\.\d{1,3}\.\d{1,3}(?: |$))?|$)/;

/** Makes foreign text safe for a log, a DSN or the queue: one line, no control characters, limited length. */
export const harmless = (text: string): string =>
  text
    .slice(0, TEXT_LIMIT * 2)
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, TEXT_LIMIT);

/** Parses a complete reply, single-line or multi-line (RFC 5321 4.2.1), with its enhanced status code (RFC 2034) if it has one. */
export const parseReply = (raw: string): ServerReply => {
  const head = raw.slice(0, 4 * TEXT_LIMIT);
  const [, digits, given] = FIRST_LINE.exec(head) ?? [];
  if (digits === undefined) return { code: 0, enhanced: '4.5.0', text: harmless(head), verbatim: harmless(head) };
  const lines = head.split(/\r?\n/).map((line) => line.replace(LINE_PREFIX, ''));
  const enhanced = given !== undefined && given[0] === digits[0] ? given : `${digits[0]}.0.0`;
  return { code: Number(digits), enhanced, text: harmless(lines.join(' ')), verbatim: harmless(head) };
};
