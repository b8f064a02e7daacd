import { isUtf8 } from 'node:buffer';

/** RFC 2047 2: an encoded-word has at most 75 characters. */
const ENCODED_WORD = 75;

/** Characters that need no encoding in an encoded-word anywhere (RFC 2047 5 (3)). */
const PLAIN = /[A-Za-z0-9!*+\-/]/;

const EIGHT_BIT = /[\x80-\xff]/;

export const isEightBit = (text: string): boolean => EIGHT_BIT.test(text);

/** UTF-8 if the bytes are valid as such, otherwise unknown (RFC 1428 3). `text` has one character per byte. */
export const charsetOf = (text: string): 'utf-8' | 'unknown-8bit' => (isUtf8(Buffer.from(text, 'latin1')) ? 'utf-8' : 'unknown-8bit');

/** The characters, each as its bytes, which must not be split. */
const characters = (text: string, charset: string): readonly string[] =>
  charset === 'utf-8' ? [...Buffer.from(text, 'latin1').toString()].map((one) => Buffer.from(one).toString('latin1')) : [...text];

const quoted = (byte: string): string => {
  if (byte === ' ') return '_';
  return PLAIN.test(byte) ? byte : `=${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
};

/** The text, one character per byte, as encoded-words on lines of their own. */
export const encodedWords = (text: string): string => {
  const charset = charsetOf(text);
  const start = `=?${charset}?Q?`;
  const words: string[] = [];
  let word = '';
  for (const character of characters(text, charset)) {
    const next = [...character].map(quoted).join('');
    if (start.length + word.length + next.length + 2 > ENCODED_WORD) {
      words.push(`${start}${word}?=`);
      word = '';
    }
    word += next;
  }
  return [...words, `${start}${word}?=`].join('\r\n ');
};

const unfolded = (text: string): string => text.replace(/\r?\n/g, '');

const ENCODED = /^=\?[^?\s]+\?[bq]\?[^?\s]*\?=$/i;

/**
 * Encodes text in which encoded-words may occur between white space (RFC 2047 5 (1) and (2)). White space between two of
 * them is ignored, so white space between a new one and another is encoded as part of it.
 */
export const encodeText = (text: string): string => {
  const [first = '', ...rest] = text.split(/((?:\r?\n)?[ \t]+(?:\r?\n[ \t]+)*)/);
  const runs: Run[] = [{ space: '', text: first, kind: kindOf(first) }];
  for (let at = 0; at + 1 < rest.length; at += 2)
    join(runs, { space: rest[at] ?? '', text: rest[at + 1] ?? '', kind: kindOf(rest[at + 1]) });
  return runs.map(written).join('');
};

interface Run {
  readonly space: string;
  readonly text: string;
  readonly kind: 'plain' | 'encoded' | 'foreign';
}

const kindOf = (word = ''): Run['kind'] => {
  if (isEightBit(word)) return 'foreign';
  return ENCODED.test(word) ? 'encoded' : 'plain';
};

const join = (runs: Run[], next: Run): void => {
  const last = runs.at(-1);
  if (last === undefined || (last.kind !== 'foreign' && next.kind !== 'foreign')) runs.push(next);
  else if (last.kind === 'foreign' && next.kind === 'foreign')
    runs[runs.length - 1] = { ...last, text: last.text + next.space + next.text };
  else if (last.kind === 'encoded') runs.push({ ...next, space: ' ', text: next.space + next.text });
  else if (next.kind === 'encoded') {
    runs[runs.length - 1] = { ...last, text: last.text + next.space };
    runs.push({ ...next, space: ' ' });
  } else runs.push(next);
};

const written = ({ space, text, kind }: Run): string => space + (kind === 'foreign' ? encodedWords(unfolded(text)) : text);
