import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { type IpWords, parsePrefix } from '../../ip.ts';
import type { LintCheck } from '../check.ts';
import { factConditionsOf, guardedOf } from '../guarded.ts';
import { literalsOf, operatorUses } from '../operator-uses.ts';

export const wideNetwork: LintCheck = {
  name: 'wide-network',
  codes: ['RLY4018'],
  doc: 'No network in a list or a grant is wider than one that is ever allocated.',
  avoid: `
lists:
  ours: { type: cidr, values: [10.0.0.0/7] }
grants:
  - { id: a, when: { client.ip: { in: ours }, sender.domain: example.com } }
  - { id: b, when: { client.ip: 192.0.0.0/2, sender.domain: example.com } }
  - { id: c, when: { client.ip: "2001:d00::/8", sender.domain: example.com } }
`,
  prefer: `
lists:
  ours: { type: cidr, values: [10.0.0.0/8, 224.0.0.0/4] }
grants:
  - { id: a, when: { client.ip: { in: ours }, sender.domain: example.com } }
  - { id: b, when: { client.ip: 192.168.0.0/16, sender.domain: example.com } }
`,
  check: ({ files }) => {
    const listed = files.flatMap((file) => file.lists).filter(({ type }) => type === 'cidr');
    const granted = files.flatMap(guardedOf).filter(({ kind }) => kind === 'grant');
    return [
      ...listed.flatMap(({ entries }) => entries.flatMap(({ text, at }) => checkNetwork(text, at))),
      ...granted
        .flatMap(({ when }) => factConditionsOf({ when, unless: [] }))
        .flatMap(operatorUses)
        .filter(({ type, operator }) => type.entries === 'cidr' && (operator === 'eq' || operator === 'in'))
        .flatMap((use) => literalsOf(use).flatMap(({ value, at }) => checkNetwork(String(value), at))),
    ];
  },
};

/** Multicast and reserved addresses (RFC 5771, RFC 1112 4) are blocks of this size. */
const RESERVED = 224 * 2 ** 24;

const WIDEST = { IPv4: 8, IPv6: 16 } as const;

const checkNetwork = (text: string, at: Diagnostic['at']): readonly Diagnostic[] => {
  const prefix = text.includes('/') ? parsePrefix(text) : null;
  if (prefix === null) return [];
  const family = prefix.words.length === 1 ? 'IPv4' : 'IPv6';
  if (prefix.length >= WIDEST[family] || isReserved(prefix.words)) return [];
  const message =
    family === 'IPv4'
      ? `${text} covers ${(2 ** (32 - prefix.length)).toLocaleString('en')} addresses`
      : `${text} covers more than any provider has`;
  return [diagnose('RLY4018', at, { message, help: HELP[family] })];
};

const HELP = {
  IPv4: 'Check the prefix length: /24 is a network of 256 addresses, and /8 is the largest that is ever allocated.',
  IPv6: 'Check the prefix length: /64 is one network, /48 a site, /32 a provider.',
} as const;

/** In IPv6: unique local, link-local and multicast addresses (RFC 4193, RFC 4291 2.4), all from fc00::/7 on. */
const isReserved = ([word = 0, ...rest]: IpWords): boolean => (rest.length === 0 ? word >= RESERVED : word >= 0xfc000000);
