import { isUtf8 } from 'node:buffer';
import libmime from 'libmime';
import { withoutControls } from './controls.ts';

/** RFC 6532 allows UTF-8 in headers; anything else is read as ISO 8859-1, so that no byte is lost. */
export const headerText = (bytes: Buffer): string => bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');

const decodeWords = (text: string): string => {
  if (!text.includes('=?')) return text;
  try {
    return libmime.decodeWords(text);
  } catch {
    return text;
  }
};

/** RFC 5322 2.2.3: a line break before white space is not part of the value. */
const unfold = (text: string): string => text.replace(/\r\n(?=[ \t])/g, '');

/**
 * The value of a field from the bytes after its colon: unfolded, encoded-words decoded (RFC 2047; malformed
 * ones stay as they are), control characters replaced by spaces, even decoded ones, and trimmed.
 */
export const decodeValue = (bytes: Buffer): string => withoutControls(decodeWords(unfold(headerText(bytes)))).trim();
