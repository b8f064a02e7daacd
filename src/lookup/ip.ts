import { isIPv4, isIPv6 } from 'node:net';
import { LookupFailure } from './failure.ts';

const MAPPED = /^(?:0*:)*?:?(?:0+:){0,5}ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** Without a zone (`fe80::1%eth0`), and an IPv4-mapped address as the IPv4 address it is. */
export const plainAddress = (ip: string): string => {
  const bare = ip.replace(/%.*$/, '');
  return MAPPED.exec(bare)?.[1] ?? bare;
};

/** The eight groups of an IPv6 address, as four hexadecimal digits each. RFC 4291 2.2. */
const groups = (ip: string): readonly string[] => {
  const [head = '', tail] = withoutDottedQuad(ip).split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? [] : Array<string>(8 - front.length - back.length).fill('0');
  return [...front, ...gap, ...back].map((group) => group.padStart(4, '0').toLowerCase());
};

const withoutDottedQuad = (ip: string): string =>
  ip.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) => `${hex(Number(a) * 256 + Number(b))}:${hex(Number(c) * 256 + Number(d))}`);

const hex = (value: number): string => value.toString(16);

/** `1.2.0.192` or 32 nibbles, last first: what stands before `in-addr.arpa`, `ip6.arpa` or a list's zone. RFC 1035 3.5, 3596 2.5, 5782 2. */
export const reversed = (ip: string): string => {
  const plain = plainAddress(ip);
  if (isIPv4(plain)) return plain.split('.').reverse().join('.');
  if (isIPv6(plain)) return [...groups(plain).join('')].reverse().join('.');
  throw new LookupFailure('internal fault', `«${ip}» is not an address`);
};

/** Where the PTR records of an address stand. */
export const reverseName = (ip: string): string => `${reversed(ip)}.${isIPv4(plainAddress(ip)) ? 'in-addr.arpa' : 'ip6.arpa'}`;
