import { aLabels } from '../policy/mailbox.ts';

const HOST_LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const PRINTABLE = /^[\x20-\x7e]+$/;

/**
 * The name as DNS is asked for it: lower-case A-labels without the final dot. `null` for what no name can
 * be: an empty or over-long label, more than 253 octets (RFC 1035 2.3.4), a control character. A blank may be
 * asked for: SPF macros make such names (RFC 7208 7.1).
 */
export const queryName = (domain: string): string | null => {
  const bare = domain.endsWith('.') ? domain.slice(0, -1) : domain;
  const ascii = PRINTABLE.test(bare) ? bare.toLowerCase() : aLabels(bare);
  if (ascii === '' || ascii.length > 253) return null;
  return ascii.split('.').every((label) => label.length >= 1 && label.length <= 63) ? ascii : null;
};

/**
 * A host name out of an answer, lower-case without the final dot, or `null`: what stands in a PTR or MX
 * record is written by strangers and may hold anything, line ends included. Underscores occur and are let be.
 */
export const hostName = (answered: string): string | null => {
  const name = answered.toLowerCase().replace(/\.$/, '');
  return name.length <= 253 && name.split('.').every((label) => HOST_LABEL.test(label)) ? name : null;
};
