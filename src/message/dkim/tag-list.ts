/*
 * Tag lists, RFC 6376 3.2: `v=1; a=rsa-sha256; …`, in signatures and key records, also those of DMARC
 * and ARC. One character per octet. A list with a duplicate or malformed tag is invalid as a whole.
 */

interface Tag {
  /** Without the white space around it. */
  readonly value: string;
  /** The position of the value, white space included. */
  readonly start: number;
  readonly end: number;
}

export type TagList = ReadonlyMap<string, Tag>;

const NAME = /^[a-z][a-z0-9_]*$/i;
/** VALCHAR and folding white space; octets above 127 by RFC 8616 3. */
const VALUE = /^[\t\r\n\x20-\x3a\x3c-\x7e\x80-\xff]*$/;

const isBlank = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;
};

/** Not `String.trim`, which treats octet 160 as white space. */
const trimmed = (text: string): string => {
  let [start, end] = [0, text.length];
  while (start < end && isBlank(text, start)) start++;
  while (end > start && isBlank(text, end - 1)) end--;
  return text.slice(start, end);
};

/** The value without any white space: Base64 and lists may be folded anywhere (RFC 6376 2.10, 3.5). */
export const withoutBlanks = (value: string): string => value.replace(/[ \t\r\n]+/g, '');

/** `null` if it is not a tag list. */
export const readTagList = (text: string): TagList | null => {
  const tags = new Map<string, Tag>();
  for (let start = 0; start <= text.length; ) {
    const semicolon = text.indexOf(';', start);
    const end = semicolon < 0 ? text.length : semicolon;
    const spec = text.slice(start, end);
    if (semicolon < 0 && tags.size > 0 && trimmed(spec) === '') break;
    if (!addTag(tags, spec, start)) return null;
    start = end + 1;
  }
  return tags;
};

const addTag = (tags: Map<string, Tag>, spec: string, at: number): boolean => {
  const equals = spec.indexOf('=');
  const name = trimmed(spec.slice(0, Math.max(equals, 0)));
  const value = spec.slice(equals + 1);
  if (equals < 0 || !NAME.test(name) || !VALUE.test(value) || tags.has(name)) return false;
  tags.set(name, { value: trimmed(value), start: at + equals + 1, end: at + spec.length });
  return true;
};
