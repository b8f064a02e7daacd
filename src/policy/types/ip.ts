import { isIP } from 'node:net';
import type { ValueType } from '../definition.ts';
import { formatIp, parseIp } from '../ip.ts';
import { formed } from '../possible.ts';
import type { Scalar } from '../value.ts';

/** A dotted quad has one spelling only. */
const normalize = (value: Scalar): string | null => {
  if (typeof value === 'string' && isIP(value) === 4) return value;
  const words = typeof value === 'string' ? parseIp(value) : null;
  return words === null ? null : formatIp(words);
};

export const ip: ValueType = {
  name: 'ip',
  doc: 'An IPv4 or IPv6 address; IPv4-mapped IPv6 counts as IPv4. A literal may be a network: `10.0.0.0/8`.',
  literal: {
    type: 'string',
    pattern: '^[0-9a-fA-F:.]+(?:/\\d{1,3})?$',
    description: 'An address, `192.0.2.1`, or a network, `10.0.0.0/8`',
  },
  normalize,
  ordered: false,
  textual: true,
  lists: ['cidr', 'glob', 'regex'],
  caseless: true,
  entries: 'cidr',
  possible: formed('One address, IPv4 or IPv6.', '[0-9a-f:.]+'),
  spans: (literal) => typeof literal === 'string' && literal.includes('/'),
};
