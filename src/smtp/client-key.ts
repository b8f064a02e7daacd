import { isIPv6 } from 'node:net';
import { formatIp, maskIp, parseIp } from '../policy/ip.ts';

/** Identifies one client: its IPv4 address, or the /64 of its IPv6 address, since it could use a new one for each connection. */
export const clientKey = (ip: string): string => {
  const words = isIPv6(ip) ? parseIp(ip) : null;
  return words === null ? ip : formatIp(maskIp(words, words.length === 1 ? 32 : 64));
};
