import type { Possible } from './definition.ts';
import { isDomain, parseMailbox } from './mailbox-syntax.ts';
import type { Scalar } from './value.ts';

/** Whole numbers from `min` to `max`. */
export const whole = (min: number, max = Number.MAX_SAFE_INTEGER): Possible => ({
  doc: max === Number.MAX_SAFE_INTEGER ? `A whole number from ${min} on.` : `A whole number from ${min} to ${max}.`,
  test: (value) => Number.isSafeInteger(Number(value)) && Number(value) >= min && Number(value) <= max,
});

/** Bytes or milliseconds; written as text, the type has seen to it. */
export const notNegative = (doc: string): Possible => ({
  doc,
  test: (value) => typeof value !== 'number' || (Number.isSafeInteger(value) && value >= 0),
});

/** One word, as HELO takes it, or several where `compat:` lets the client say them. */
export const heloWords: Possible = {
  doc: 'One word, as the client says it; several where `compat:` allows them.',
  test: (value) => /^[^\s\p{Cc}]+(?: +[^\s\p{Cc}]+)*$/u.test(String(value)),
};

/** DNS has names with underscores, and with a dot at the end (RFC 2181 11). */
export const domainName: Possible = {
  doc: 'A name such as `mx.example.com`, or an address in brackets.',
  test: (value: Scalar) => isDomain(String(value).replace(/\.$/, '').replaceAll('_', 'x'), true),
};

/** What MAIL and RCPT take (RFC 5321 4.1.2), a bare postmaster (4.5.1) included. */
export const mailAddress: Possible = {
  doc: 'One address such as `user@example.com`; the null sender is `absent`.',
  test: (value: Scalar) => parseMailbox(String(value), true) !== null || String(value).toLowerCase() === 'postmaster',
};
