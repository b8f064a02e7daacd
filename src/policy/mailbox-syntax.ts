import { isIPv4, isIPv6 } from 'node:net';
import { aLabels } from './mailbox.ts';

/** An address as the envelope carries it: the quoting is the least that keeps its meaning (RFC 5321 4.1.2). */
export interface Mailbox {
  readonly address: string;
  readonly local: string;
  readonly domain: string;
}

const LOCAL_OCTETS = 64;
const DOMAIN_OCTETS = 255;
/** RFC 5321 4.5.3.1.3: 256 octets with the angle brackets. */
const PATH_OCTETS = 254;

const DOT_STRING = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\u{10ffff}-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\u{10ffff}-]+)*$/u;
const QUOTED_STRING = /^"(?:[ !#-[\]-~\u0080-\u{10ffff}]|\\[ -~])*"$/u;
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
/** Controls, separators, lone surrogates, and marks that turn the direction of what a person reads. */
const UNFIT = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Co}\u00a0\u1680\u2000-\u200b\u202a-\u202f\u205f-\u2069\u3000\ufeff\ufffd]/u;

/**
 * Reads a Mailbox of RFC 5321 4.1.2, with UTF-8 as RFC 6531 3.3 allows it when `utf8` is set. `null` when
 * it is none: neither comments nor obsolete forms, no empty local part, labels of 63 and names of 255 octets.
 */
export const parseMailbox = (text: string, utf8: boolean): Mailbox | null => {
  const at = text.startsWith('"') ? closingQuote(text) + 1 : text.indexOf('@');
  if (at < 1 || text[at] !== '@' || Buffer.byteLength(text) > PATH_OCTETS) return null;
  const local = parseLocal(text.slice(0, at), utf8);
  const domain = text.slice(at + 1);
  if (local === null || !isDomain(domain, utf8)) return null;
  return { address: `${local}@${domain}`, local, domain };
};

const closingQuote = (text: string): number => {
  for (let i = 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i;
  }
  return -2;
};

const parseLocal = (text: string, utf8: boolean): string | null => {
  if (!isText(text, utf8) || Buffer.byteLength(text) > LOCAL_OCTETS) return null;
  if (text.startsWith('"')) return unquote(text);
  return DOT_STRING.test(text) ? text : null;
};

/** `"abc"@d` and `abc@d` are one mailbox; a rule must not be evaded by writing it the other way. */
const unquote = (text: string): string | null => {
  if (!QUOTED_STRING.test(text)) return null;
  const content = text.slice(1, -1).replace(/\\(.)/gu, '$1');
  return DOT_STRING.test(content) ? content : `"${content.replace(/["\\]/g, '\\$&')}"`;
};

/** A Domain or an address literal of RFC 5321 4.1.2, 4.1.3; with U-labels when `utf8` is set. */
export const isDomain = (text: string, utf8: boolean): boolean => {
  if (text.startsWith('[')) return isAddressLiteral(text);
  if (!isText(text, utf8)) return false;
  const ascii = isAscii(text) ? text : aLabels(text);
  return ascii.length > 0 && ascii.length <= DOMAIN_OCTETS && text.split('.').every(isLabel);
};

/**
 * A letter-digit-hyphen label, or a U-label (RFC 5890 2.3.2.1), whose A-label begins with `xn--`.
 * Full-width letters, or a soft hyphen, that only mapping turns into another label are neither.
 */
const isLabel = (label: string): boolean => {
  if (isAscii(label)) return LABEL.test(label);
  const ascii = aLabels(label);
  return ascii.startsWith('xn--') && LABEL.test(ascii);
};

/** RFC 5321 4.1.3: no tag but `IPv6` was ever registered. */
const isAddressLiteral = (text: string): boolean => {
  const content = text.slice(1, -1);
  if (!text.endsWith(']') || content.includes('%')) return false;
  return /^IPv6:/i.test(content) ? isIPv6(content.slice(5)) : isIPv4(content);
};

const isAscii = (text: string): boolean => /^[ -~]*$/.test(text);

const isText = (text: string, utf8: boolean): boolean => isAscii(text) || (utf8 && !UNFIT.test(text));
