import { formatIp, maskIp, parseIp } from '../policy/ip.ts';

/** The network that one client may control entirely, an IPv4 /24 or an IPv6 /48, as text; empty if `ip` is not an address. */
export const clientNetwork = (ip: string): string => {
  const words = parseIp(ip);
  return words === null ? '' : formatIp(maskIp(words, words.length === 1 ? 24 : 48));
};
