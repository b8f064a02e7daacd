import { aLabels } from '../policy/mailbox.ts';

const HOST_LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const PRINTABLE = /^[\x20-\x7e]+$/;

/**
 * The name as used in a query: lower-case A-labels without the final dot. `null` if it is impossible: an empty
 * or over-long label, more than 253 octets (RFC 1035 2.3.4), a control character. Spaces are allowed, since
 * SPF macros produce such names (RFC 7208 7.1).
 */
export const queryName = (domain: string): string | null => {
  const bare = domain.endsWith('.') ? domain.slice(0, -1) : domain;
  const ascii = PRINTABLE.test(bare) ? bare.toLowerCase() : aLabels(bare);
  if (ascii === '' || ascii.length > 253) return null;
  return ascii.split('.').every((label) => label.length >= 1 && label.length <= 63) ? ascii : null;
};

/**
 * A host name from an answer, lower-case without the final dot, or `null`: PTR and MX records are written by
 * strangers and may contain anything, even line ends. Underscores occur and are accepted.
 */
export const hostName = (answered: string): string | null => {
  const name = answered.toLowerCase().replace(/\.$/, '');
  return name.length <= 253 && name.split('.').every((label) => HOST_LABEL.test(label)) ? name : null;
};
