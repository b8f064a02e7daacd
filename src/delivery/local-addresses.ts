import { BlockList, isIPv6 } from 'node:net';
import { formatIp, type IpWords, parseIp } from '../policy/ip.ts';

/*
 * Addresses that no MX on the public internet may point to (RFC 6890, IANA's special-purpose registries): mail
 * sent there would reach whatever listens on the internal network.
 */

const listOf = (...networks: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', length = ''] = network.split('/');
    list.addSubnet(address, Number(length), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
};

/** No host answers at these: unspecified, multicast, reserved, broadcast. */
const NOBODY = listOf('0.0.0.0/8', '224.0.0.0/4', '240.0.0.0/4', '::/128', 'ff00::/8');

/** Loopback, private, shared, link-local, benchmarking, documentation. */
const LOCAL = listOf(
  ...['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16', '192.0.0.0/24'],
  ...['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '198.18.0.0/15'],
  ...['::1/128', 'fc00::/7', 'fe80::/10', 'fec0::/10', '64:ff9b:1::/48', '100::/64', '2001:db8::/32', '3fff::/20'],
);

/** The IPv4 address to which a translator or tunnel maps this one: NAT64 (RFC 6052), 6to4 (RFC 3056), IPv4-compatible (RFC 4291 2.5.5.1). */
const embedded = ([first = 0, second = 0, third = 0, last]: IpWords): number | null => {
  if (last === undefined) return null;
  const isPrefix = second === 0 && third === 0;
  if (isPrefix && (first === 0x64ff9b || (first === 0 && last > 1))) return last;
  return first >>> 16 === 0x2002 ? (first & 0xffff) * 0x10000 + (second >>> 16) : null;
};

/** Whether a next hop found in DNS must not have this address. One that embeds an IPv4 address counts as that address. */
export const isOffInternet = (address: string, localAllowed: boolean): boolean => {
  const words = parseIp(address);
  const inner = words === null ? null : embedded(words);
  if (inner !== null) return isOffInternet(formatIp([inner]), localAllowed);
  const plain = words === null ? address : formatIp(words);
  const family = isIPv6(plain) ? 'ipv6' : 'ipv4';
  return NOBODY.check(plain, family) || (!localAllowed && LOCAL.check(plain, family));
};
