import { domainToASCII } from 'node:url';
import { type HeaderField, RawHeader } from './header.ts';
import { headerText } from './header-value.ts';

/*
 * RFC 8601 5: readers of Authentication-Results trust those that bear our name, so a field that
 * claims to be ours but was not written by us must be removed on arrival. The authserv-id is parsed by the
 * grammar, also after comments and in quotes, or a forger would hide it there.
 */

const FIELD = 'Authentication-Results';

/** The header without fields that bear our authserv-id, otherwise unchanged; the same object if there are none. */
export const withoutForgedResults = (header: RawHeader, name: string): RawHeader => {
  const ours = comparable(name);
  const forged = new Set(header.named(FIELD).filter((field) => comparable(authservId(field)) === ours));
  if (forged.size === 0) return header;
  const kept = header.fields.filter((field) => !forged.has(field));
  return new RawHeader(Buffer.concat(kept.map((field) => field.raw)), header.separator);
};

const comparable = (name: string): string => domainToASCII(name) || name.toLowerCase();

const authservId = (field: HeaderField): string => {
  const text = headerText(field.raw.subarray(field.name.length));
  const start = skipComments(text, text.indexOf(':') + 1);
  return text[start] === '"' ? quoted(text, start + 1) : (/^[^\s;()"]*/.exec(text.slice(start))?.[0] ?? '');
};

/** Position after white space and comments, including nested ones (RFC 5322 3.2.2). */
const skipComments = (text: string, from: number): number => {
  let depth = 0;
  let at = from;
  for (; at < text.length; at++) {
    const sign = text[at] ?? '';
    if (sign === '(') depth++;
    else if (sign === ')' && depth > 0) depth--;
    else if (sign === '\\' && depth > 0) at++;
    else if (depth === 0 && !/\s/.test(sign)) break;
  }
  return at;
};

const quoted = (text: string, start: number): string => {
  let value = '';
  for (let at = start; at < text.length && text[at] !== '"'; at++) {
    if (text[at] === '\\') at++;
    value += text[at] ?? '';
  }
  return value.replace(/\r\n/g, '');
};
