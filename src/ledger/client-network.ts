import { formatIp, maskIp, parseIp } from '../policy/ip.ts';

/** What one client may well have all of, an IPv4 /24 or an IPv6 /48, as text; empty for what is no address. */
export const clientNetwork = (ip: string): string => {
  const words = parseIp(ip);
  return words === null ? '' : formatIp(maskIp(words, words.length === 1 ? 24 : 48));
};
