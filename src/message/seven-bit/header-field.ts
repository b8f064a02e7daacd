import { charsetOf, encodedWords, encodeText, isEightBit } from './encoded-words.ts';

/*
 * Rewrites a header field with 8-bit bytes in ASCII: with encoded-words where RFC 2047 5 allows them, and parameters as
 * in RFC 2231. An address, an identifier or a keyword can be neither, so such a field cannot be written in ASCII. Texts
 * have one character per byte.
 */

const ADDRESSES: ReadonlySet<string> = new Set([
  ...['from', 'sender', 'reply-to', 'to', 'cc', 'bcc', 'mail-followup-to', 'mail-reply-to', 'disposition-notification-to', 'errors-to'],
  ...['resent-from', 'resent-sender', 'resent-reply-to', 'resent-to', 'resent-cc', 'resent-bcc', 'keywords', 'return-receipt-to'],
]);

/** Fields in which only comments are text. */
const STRUCTURED: ReadonlySet<string> = new Set([
  ...['received', 'return-path', 'date', 'message-id', 'in-reply-to', 'references', 'resent-date', 'resent-message-id', 'mime-version'],
  ...['content-transfer-encoding', 'content-id', 'content-language', 'authentication-results', 'received-spf', 'delivered-to'],
  ...['list-id', 'list-help', 'list-unsubscribe', 'list-subscribe', 'list-post', 'list-owner', 'list-archive', 'auto-submitted'],
]);

const PARAMETERS: ReadonlySet<string> = new Set(['content-type', 'content-disposition']);

/** The field, continuation lines and line end included; `null` if it cannot be written in ASCII. */
export const asciiField = (field: string): string | null => {
  if (!isEightBit(field)) return field;
  const [start, name = ''] = /^([!-9;-~]+)[ \t]*:/.exec(field) ?? [];
  if (start === undefined) return null;
  const end = /\r?\n?$/.exec(field)?.[0] ?? '';
  const value = field.slice(start.length, field.length - end.length);
  const written = asciiValue(name.toLowerCase(), value);
  return written === null || isEightBit(written) ? null : `${start}${written}${end}`;
};

const asciiValue = (name: string, value: string): string | null => {
  if (PARAMETERS.has(name)) return encodeParameters(value);
  if (ADDRESSES.has(name)) return encodePhrases(value);
  if (STRUCTURED.has(name) || /^(?:arc|dkim)-/.test(name)) return encodeComments(value);
  return encodeText(value);
};

/** White space, a quoted string, text in angle brackets, an atom, or a special character; anything unclosed extends to the end. */
const TOKEN = /\s+|"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)|<[^<>]*>?|[^\s"<>(),:;@]+|[\s\S]/g;

interface Token {
  readonly kind: 'space' | 'word' | 'comment' | 'other';
  readonly text: string;
}

const tokensOf = (value: string): readonly Token[] => {
  const tokens: Token[] = [];
  for (let at = 0; at < value.length; ) {
    const comment = value[at] === '(' ? commentAt(value, at) : '';
    TOKEN.lastIndex = at;
    const text = comment === '' ? (TOKEN.exec(value)?.[0] ?? '') : comment;
    tokens.push({ kind: comment === '' ? kindOf(text) : 'comment', text });
    at += text.length;
  }
  return tokens;
};

const kindOf = (text: string): Token['kind'] => {
  if (/^\s/.test(text)) return 'space';
  return /^[<>(),:;@]|^"(?:[\s\S]*[^"])?$/.test(text) ? 'other' : 'word';
};

const commentAt = (value: string, start: number): string => {
  let depth = 0;
  for (let at = start; at < value.length; at++) {
    if (value[at] === '\\') at++;
    else if (value[at] === '(') depth++;
    else if (value[at] === ')' && --depth === 0) return value.slice(start, at + 1);
  }
  return value.slice(start);
};

/** Parentheses, including those of nested comments, separate the texts. */
const encodeComment = (text: string): string =>
  text
    .split(/([()])/)
    .map((part) => (isEightBit(part) ? encodeText(part) : part))
    .join('');

const encodeComments = (value: string): string =>
  tokensOf(value)
    .map(({ kind, text }) => (kind === 'comment' ? encodeComment(text) : text))
    .join('');

const isForeign = (token: Token | undefined): boolean => token?.kind === 'word' && isEightBit(token.text);

const unquoted = (text: string): string => (text.startsWith('"') ? text.slice(1, -1).replace(/\\([\s\S])/g, '$1') : text);

/** Display names: each run of non-ASCII words becomes one text. A local part is not a display name. */
const encodePhrases = (value: string): string | null => {
  const tokens = tokensOf(value);
  let written = '';
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    if (!isForeign(token)) {
      written += token.kind === 'comment' ? encodeComment(token.text) : token.text;
      continue;
    }
    let end = at;
    while (tokens[end + 1]?.kind === 'space' && isForeign(tokens[end + 2])) end += 2;
    if (tokens[end + 1]?.text === '@' || tokens[at - 1]?.text === '@') return null;
    const phrase = tokens.slice(at, end + 1).map(({ kind, text }) => (kind === 'space' ? ' ' : unquoted(text)));
    const before = at === 0 || tokens[at - 1]?.kind === 'space' ? '' : ' ';
    const after = end + 1 === tokens.length || tokens[end + 1]?.kind === 'space' ? '' : ' ';
    written += `${before}${encodedWords(phrase.join(''))}${after}`;
    at = end;
  }
  return written;
};

const PARAMETER = /^(\s*)([^\s=*;"]+)(\s*=\s*)("(?:[^"\\]|\\[\s\S])*"|[^"\s;]*)(\s*)$/;

/** A longer line would have to be split (RFC 2231 3). */
const LONGEST = 900;

const encodeParameters = (value: string): string | null => {
  const parts = value.match(/(?:[^";]|"(?:[^"\\]|\\[\s\S])*(?:"|\\?$))+|;/g) ?? [];
  const written = parts.map((part) => (isEightBit(part) ? encodeParameter(part) : part));
  return written.includes(null) ? null : written.join('');
};

const encodeParameter = (part: string): string | null => {
  const [, before = '', name = '', , value = '', after = ''] = PARAMETER.exec(part) ?? [];
  if (name === '' || /^(?:boundary|charset)$/i.test(name) || isEightBit(name)) return null;
  const text = unquoted(value);
  const encoded = text.replace(/[^A-Za-z0-9._-]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
  if (encoded.length > LONGEST) return null;
  return `${/\n/.test(before) ? before : '\r\n '}${name}*=${charsetOf(text)}''${encoded}${after}`;
};
