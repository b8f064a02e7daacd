import { encodeWord } from 'nodemailer/lib/mime-funcs';
import { withoutControls } from './controls.ts';

/*
 * Writes a new header field: no control characters, non-ASCII as encoded-words (RFC 2047) unless the
 * message is internationalised (RFC 6532), folded before white space so that lines have at most
 * 78 characters if possible, and never more than 998 bytes (RFC 5322 2.1.1). A single word too long for any line
 * is encoded, since encoded-words may be split and plain text may not.
 */

const LINE = 78;
const LONGEST_WORD = 900;
/** One encoded-word has at most 75 characters (RFC 2047 2). */
const ENCODED_WORD = 75;
const LONGEST_NAME = 128;
const FIELD_NAME = /^[!-9;-~]+$/;

/** RFC 5322 2.2: printable ASCII without the colon; here also short enough for one line. */
export const isFieldName = (name: string): boolean => name.length <= LONGEST_NAME && FIELD_NAME.test(name);

/** The field as it goes on the wire, closing CRLF included. Throws on an invalid name. */
export const writeField = (name: string, value: string, smtputf8: boolean): string => {
  if (!isFieldName(name)) throw new Error(`not a header field name: ${JSON.stringify(name.slice(0, LONGEST_NAME))}`);
  return `${fold(`${name}:`, encoded(oneLine(value), smtputf8))}\r\n`;
};

/** Converts via UTF-8, so that a lone surrogate becomes U+FFFD, and any white space to one space, since folding does not matter. */
const oneLine = (value: string): string => withoutControls(Buffer.from(value).toString()).replace(/\s+/g, ' ').trim();

const isTooLong = (word: string): boolean => Buffer.byteLength(word) > LONGEST_WORD;

const isForeign = (word: string): boolean => /[^\x20-\x7e]/.test(word);

const encoded = (value: string, smtputf8: boolean): string => {
  const words = value.split(' ');
  if (words.some(isTooLong)) return encodeWord(value, 'B', ENCODED_WORD);
  return smtputf8 ? value : encodeForeign(words).join(' ');
};

/** Encodes from the first non-ASCII word to the last; an address after a name stays an address. */
const encodeForeign = (words: readonly string[]): readonly string[] => {
  const first = words.findIndex(isForeign);
  if (first < 0) return words;
  const end = words.findLastIndex(isForeign) + 1;
  return [...words.slice(0, first), encodeWord(words.slice(first, end).join(' '), 'Q', ENCODED_WORD), ...words.slice(end)];
};

/** Joins words with a space, or with a line break and a space where the line would get too long. */
const fold = (start: string, text: string): string => {
  const lines: string[] = [];
  let line = start;
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > LINE && line !== start) {
      lines.push(line);
      line = ` ${word}`;
    } else line = `${line} ${word}`;
  }
  return [...lines, line].join('\r\n');
};
