import { isIPv6 } from 'node:net';
import { formatIp, maskIp, parseIp } from '../policy/ip.ts';

/** What one client is given: an IPv4 address, or the /64 of an IPv6 one, who could else take a new one for each connection. */
export const clientKey = (ip: string): string => {
  const words = isIPv6(ip) ? parseIp(ip) : null;
  return words === null ? ip : formatIp(maskIp(words, words.length === 1 ? 32 : 64));
};
