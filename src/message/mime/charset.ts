import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** Charsets in which ASCII letters may be written with other bytes than their own. */
const DISGUISES_ASCII = /utf-?(7|16|32)|ucs|ebcdic|cp0?37|ibm0?37|hz/i;

export interface Decoded {
  readonly text: string;
  /** Nobody can say what some reader makes of it. */
  readonly doubt: string | null;
}

/** Bytes in a charset by its label; what has none is UTF-8 where it can be, else windows-1252. */
export const decodeCharset = (bytes: Buffer, label: string): Decoded => {
  const decoder = decoderOf(label);
  if (decoder) return { text: decoder.decode(bytes), doubt: null };
  return {
    text: isUtf8(bytes) ? bytes.toString() : new TextDecoder('windows-1252').decode(bytes),
    doubt: label !== '' && DISGUISES_ASCII.test(label) ? `a name in the charset ${JSON.stringify(label.slice(0, 40))}` : null,
  };
};

const decoderOf = (label: string): TextDecoder | null => {
  if (label === '') return null;
  try {
    return new TextDecoder(label);
  } catch {
    return null;
  }
};
