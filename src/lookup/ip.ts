import { formatIp, type IpWords, parseIp } from '../policy/ip.ts';
import { LookupFailure } from './failure.ts';

const wordsOf = (ip: string): IpWords => {
  const words = parseIp(ip);
  if (words === null) throw new LookupFailure('internal fault', `"${ip}" is not an address`);
  return words;
};

const reversedWords = (words: IpWords): string => {
  if (words.length === 1) return formatIp(words).split('.').reverse().join('.');
  const nibbles = words.map((word) => word.toString(16).padStart(8, '0')).join('');
  return [...nibbles].reverse().join('.');
};

/** `1.2.0.192` or 32 nibbles in reverse order, as used in front of a DNS list's zone. Throws if `ip` is not an address. RFC 5782 2.1, 2.4. */
export const reversed = (ip: string): string => reversedWords(wordsOf(ip));

/** The name of an address's PTR records. Throws if `ip` is not an address. RFC 1035 3.5, RFC 3596 2.5. */
export const reverseName = (ip: string): string => {
  const words = wordsOf(ip);
  return `${reversedWords(words)}.${words.length === 1 ? 'in-addr.arpa' : 'ip6.arpa'}`;
};
