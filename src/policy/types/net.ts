import type { ValueType } from '../definition.ts';
import { formatIp, parsePrefix } from '../ip.ts';
import type { Scalar } from '../value.ts';

const normalize = (value: Scalar): string | null => {
  const prefix = typeof value === 'string' ? parsePrefix(value) : null;
  return prefix === null ? null : `${formatIp(prefix.words)}/${prefix.length}`;
};

export const net: ValueType = {
  name: 'net',
  doc: 'The network of an address: /24 for IPv4, /64 for IPv6. Mostly useful as the key of a limit or greylist.',
  literal: { type: 'string', pattern: '^[0-9a-fA-F:.]+/\\d{1,3}$', description: 'A network, `192.0.2.0/24`' },
  normalize,
  ordered: false,
  textual: true,
  lists: ['string', 'glob', 'regex'],
  caseless: true,
};
