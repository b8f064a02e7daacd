import { decodeCharset } from './charset.ts';

/** How far browsers search a text for its charset (WHATWG HTML 13.2.3.2). */
const PRESCAN = 1024;

const BYTE_ORDER_MARKS: readonly (readonly [mark: string, charset: string])[] = [
  ['efbbbf', 'utf-8'],
  ['feff', 'utf-16be'],
  ['fffe', 'utf-16le'],
];

const META = /<meta\b[^>]{0,500}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([\w:.-]{1,40})/i;

/**
 * Decodes a text whose part names no charset: by its byte order mark, by `<meta>` in HTML, as UTF-8 if valid,
 * otherwise as windows-1252.
 */
export const decodeText = (bytes: Buffer, isHtml: boolean): string => {
  const start = bytes.toString('hex', 0, 3);
  const mark = BYTE_ORDER_MARKS.find(([hex]) => start.startsWith(hex))?.[1];
  return decodeCharset(bytes, mark ?? (isHtml ? metaCharset(bytes) : '')).text;
};

/** A text whose `<meta>` could be read as ASCII cannot be UTF-16. */
const metaCharset = (bytes: Buffer): string => {
  const named = META.exec(bytes.toString('latin1', 0, PRESCAN))?.[1] ?? '';
  return /^utf-?(?:16|32)/i.test(named) ? 'utf-8' : named;
};
