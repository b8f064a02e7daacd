import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { parsePrefix } from '../../ip.ts';
import type { LintCheck } from '../check.ts';
import { factConditionsOf, guardedOf } from '../guarded.ts';
import { literalsOf, operatorUses } from '../operator-uses.ts';

export const wideNetwork: LintCheck = {
  name: 'wide-network',
  codes: ['RLY4018'],
  doc: 'No IPv4 network in a list or a grant is wider than a /8.',
  avoid: `
lists:
  ours: { type: cidr, values: [10.0.0.0/7] }
grants:
  - { id: a, when: { client.ip: { in: ours }, sender.domain: example.com } }
  - { id: b, when: { client.ip: 192.0.0.0/2, sender.domain: example.com } }
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
        .flatMap(factConditionsOf)
        .flatMap(operatorUses)
        .filter(({ type }) => type.entries === 'cidr')
        .flatMap((use) => literalsOf(use).flatMap(({ value, at }) => checkNetwork(String(value), at))),
    ];
  },
};

/** Multicast and reserved addresses (RFC 5771, RFC 1112 4) are blocks of this size. */
const RESERVED = 224 * 2 ** 24;

const WIDEST = 8;

const checkNetwork = (text: string, at: Diagnostic['at']): readonly Diagnostic[] => {
  const prefix = text.includes('/') && !text.includes(':') ? parsePrefix(text) : null;
  const [word = 0] = prefix?.words ?? [];
  if (prefix === null || prefix.length >= WIDEST || word >= RESERVED) return [];
  const count = (2 ** (32 - prefix.length)).toLocaleString('en');
  const help = 'Check the prefix length: /24 is a network of 256 addresses, and /8 is the largest that is ever allocated.';
  return [diagnose('RLY4018', at, { message: `${text} covers ${count} addresses`, help })];
};
