import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** Labels of ASCII-compatible charsets that TextDecoder does not know; all others may be anything. */
const LIKE_ASCII =
  /^(?:(?:cp|ibm)-?(?:437|7[237]\d|85[0-8]|86[0-9])|(?:x-)?unknown(?:-8bit)?|8bit|binary|none|default(?:_charset)?|x-user-defined|(?:x-)?mac-?\w+|iso-2022-(?:kr|cn)|euc-?tw|tis-?620|cp\d{3,4}|(?:ms|windows-?)\d{3,4}\w?)$/i;

/** EBCDIC code pages, whatever their number. */
const EBCDIC =
  /^(?:cp|ibm)-?0*(?:37|27[378]|28\d|29[07]|42[034]|500|83[38]|87[015]|880|905|924|9[33]\d|1025|1026|1047|11[24]\d|115[3-8])$/i;

export interface Decoded {
  readonly text: string;
  /** Why readers may interpret it differently. */
  readonly doubt: string | null;
}

/** Decodes bytes by charset label; without a label as UTF-8 if valid, otherwise as windows-1252. */
export const decodeCharset = (bytes: Buffer, label: string): Decoded => {
  const decoder = decoderOf(label);
  if (decoder) return { text: decoder.decode(bytes), doubt: null };
  return {
    text: isUtf8(bytes) ? bytes.toString() : new TextDecoder('windows-1252').decode(bytes),
    doubt: isLikeAscii(label) ? null : `a name in the charset ${JSON.stringify(label.slice(0, 40))}`,
  };
};

/** Whether a charset that is not decoded here is ASCII-compatible. */
export const isLikeAscii = (label: string): boolean => label === '' || (LIKE_ASCII.test(label) && !EBCDIC.test(label));

const decoderOf = (label: string): TextDecoder | null => {
  if (label === '') return null;
  try {
    return new TextDecoder(label);
  } catch {
    return null;
  }
};
