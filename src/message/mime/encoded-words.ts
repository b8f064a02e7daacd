import libmime from 'libmime';
import { decodeCharset } from './charset.ts';

/*
 * Encoded-words in parameters, where RFC 2047 5 forbids them: mail programs decode them anyway, broken ones
 * too, each in its own way. All possible readings are returned.
 */

/** `=?charset?B?text?=`; the end may be missing, and the text may contain spaces and question marks. */
const WORD = /=\?([^?]{1,60})\?([bq])\?(.*?)(?:\?=|$)/gis;
const BETWEEN_WORDS = /\?=\s+(?==\?)/g;
/** A base64 text that was split into words at arbitrary positions. */
const CUT_BASE64 = /(=\?([^?]{1,60})\?b\?[^?]*)\?=\s*=\?\2\?b\?/gi;

export interface Readings {
  readonly texts: readonly string[];
  readonly doubt: string | null;
}

/** All possible readings of a value with encoded-words; empty if it has none. */
export const decodedWords = (text: string): Readings => {
  if (!text.includes('=?')) return { texts: [], doubt: null };
  const doubts: string[] = [];
  const lenient = (value: string): string =>
    value.replace(BETWEEN_WORDS, '?=').replace(WORD, (_word, charset: string, encoding: string, encoded: string) => {
      const { text: decoded, doubt } = decodeCharset(wordBytes(encoding, encoded), charset.replace(/\*.*$/, '').trim());
      if (doubt !== null) doubts.push(doubt);
      return decoded;
    });
  const texts = [strict(text), lenient(text), lenient(joined(text))];
  return { texts, doubt: doubts[0] ?? null };
};

const strict = (text: string): string => {
  try {
    return libmime.decodeWords(text);
  } catch {
    return text;
  }
};

const joined = (text: string): string => {
  const once = text.replace(CUT_BASE64, '$1');
  return once === text ? text : joined(once);
};

const wordBytes = (encoding: string, text: string): Buffer =>
  encoding.toLowerCase() === 'b'
    ? Buffer.from(text.replace(/[^A-Za-z0-9+/]/g, ''), 'base64')
    : Buffer.concat(
        text
          .replace(/_/g, ' ')
          .split(/(=[0-9a-f]{2})/i)
          .map((part, at) => (at % 2 === 1 ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part))),
      );
