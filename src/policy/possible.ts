import type { Possible } from './definition.ts';
import { isDomain, parseMailbox } from './mailbox-syntax.ts';
import type { Scalar } from './value.ts';

/** Whole numbers from `min` to `max`. */
export const whole = (min: number, max = Number.MAX_SAFE_INTEGER): Possible => ({
  doc: max === Number.MAX_SAFE_INTEGER ? `A whole number from ${min} on.` : `A whole number from ${min} to ${max}.`,
  test: (value) => Number.isSafeInteger(Number(value)) && Number(value) >= min && Number(value) <= max,
  range: [min, max],
});

/** The form of normalised values, see `Possible`. Tests may give other forms that normalise to it. */
export const formed = (doc: string, form: string): Possible => ({ doc, form, test: () => true });

/** Bytes or milliseconds; written as text, the type has seen to it. */
export const notNegative = (doc: string): Possible => ({
  doc,
  test: (value) => typeof value !== 'number' || (Number.isSafeInteger(value) && value >= 0),
  range: [0, Number.MAX_SAFE_INTEGER],
});

/** One word, as HELO takes it, or several where `compat:` lets the client say them. */
export const heloWords: Possible = {
  doc: 'One word, as the client says it; several where `compat:` allows them.',
  test: (value) => /^[^\s\p{Cc}]+(?: +[^\s\p{Cc}]+)*$/u.test(String(value)),
  form: '[^\\x00-\\x1fA-Z\\x7f]*',
};

/** In lower case, the normal form. */
const LABEL = '[^\\x00-,./:-\\x60{-\\x7f]+';
const NAME = `${LABEL}(?:\\.${LABEL})*`;
const LITERAL = '\\[[a-z0-9:.]+\\]';
const ATOM = '[^\\x00-\\x20A-Z"(),.:;<>@\\[\\\\\\]\\x7f]+';
const LOCAL = `(?:${ATOM}(?:\\.${ATOM})*|"[^A-Z]*")`;

/** What stands before the `@` of a sender or recipient. */
export const localText = formed('What stands before the `@`.', LOCAL);

/** A name from DNS or a certificate, which strangers choose. */
export const STRANGE_NAME = '(?:[^\\x00-\\x20A-Z@]*[^\\x00-\\x20A-Z@.])?';

/** DNS has names with underscores, and with a dot at the end (RFC 2181 11). */
export const domainName: Possible = {
  doc: 'A name such as `mx.example.com`, or an address in brackets.',
  test: (value: Scalar) => isDomain(String(value).replace(/\.$/, '').replaceAll('_', 'x'), true),
};

/** The domain of a sender or recipient. */
export const mailDomain: Possible = { ...domainName, form: `${NAME}|${LITERAL}` };

/** What MAIL and RCPT take (RFC 5321 4.1.2), a bare postmaster (4.5.1) included. */
export const mailAddress: Possible = {
  doc: 'One address such as `user@example.com`; the null sender is `absent`.',
  test: (value: Scalar) => parseMailbox(String(value), true) !== null || String(value).toLowerCase() === 'postmaster',
  form: `${LOCAL}@(?:${NAME}|${LITERAL})|postmaster`,
};

/** An address from a header field, which strangers may malform. */
export const writtenAddress: Possible = { ...mailAddress, form: '[^A-Z]*@[^A-Z]*' };

/** Its domain. */
export const writtenDomain: Possible = { ...domainName, form: '[^A-Z@]*' };
