import { isIP } from 'node:net';

/** An address as 32-bit words: one for IPv4, four for IPv6. An IPv4-mapped address is an IPv4 address (RFC 4291 2.5.5.2). */
export type IpWords = readonly number[];

/** An address prefix: the first `length` bits of `words` count. */
export interface Prefix {
  readonly words: IpWords;
  readonly length: number;
}

const ipv4Words = (text: string): IpWords => {
  let word = 0;
  let octet = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 0x2e) {
      word = word * 256 + octet;
      octet = 0;
    } else octet = octet * 10 + character - 0x30;
  }
  return [word * 256 + octet];
};

const groupsOf = (text: string): number[] => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));

/** Dotted quad at the end (RFC 4291 2.2, form 3) as two groups. */
const withoutDottedQuad = (text: string): string => {
  if (!text.includes('.')) return text;
  const from = text.lastIndexOf(':') + 1;
  const word = ipv4Words(text.slice(from))[0] ?? 0;
  return `${text.slice(0, from)}${Math.floor(word / 65536).toString(16)}:${(word % 65536).toString(16)}`;
};

const ipv6Words = (text: string): IpWords => {
  const [left = '', right] = withoutDottedQuad(text).split('::');
  const head = groupsOf(left);
  const tail = right === undefined ? [] : groupsOf(right);
  const groups = [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  return [0, 2, 4, 6].map((at) => (groups[at] ?? 0) * 65536 + (groups[at + 1] ?? 0));
};

const isMapped = (words: IpWords): boolean => words[0] === 0 && words[1] === 0 && words[2] === 0xffff;

/** Reads an address; a zone (`%eth0`) is left out. `null` if it is not an address. */
export const parseIp = (text: string): IpWords | null => {
  const family = isIP(text);
  if (family === 4) return ipv4Words(text);
  if (family === 0) return null;
  const words = ipv6Words(text.split('%', 1)[0] ?? '');
  return isMapped(words) ? words.slice(3) : words;
};

const formatIpv4 = (word: number): string => [24, 16, 8, 0].map((shift) => (word >>> shift) & 255).join('.');

/** The one spelling of an address, for IPv6 that of RFC 5952. */
export const formatIp = (words: IpWords): string => {
  if (words.length === 1) return formatIpv4(words[0] ?? 0);
  const groups = words.flatMap((word) => [Math.floor(word / 65536).toString(16), (word % 65536).toString(16)]);
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
};

/** The first `length` bits of an address, the rest zero. */
export const maskIp = (words: IpWords, length: number): IpWords =>
  words.map((word, index) => {
    const kept = Math.min(Math.max(length - index * 32, 0), 32);
    return kept === 0 ? 0 : Math.floor(word / 2 ** (32 - kept)) * 2 ** (32 - kept);
  });

/** Reads `10.0.0.0/8` or an address alone. Bits behind the prefix are ignored. `null` if it is neither. */
export const parsePrefix = (text: string): Prefix | null => {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  const words = parseIp(address);
  if (words === null) return null;
  if (slash < 0) return { words, length: words.length * 32 };
  const digits = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(digits)) return null;
  // A mapped prefix is written with the bits of IPv6: ::ffff:10.0.0.0/104 is 10.0.0.0/8.
  const mapped = words.length === 1 && address.includes(':');
  const length = Number(digits) - (mapped ? 96 : 0);
  return length < 0 || length > words.length * 32 ? null : { words: maskIp(words, length), length };
};
