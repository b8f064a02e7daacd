import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { formatIp, maskIp, parseIp, parsePrefix } from '../../ip.ts';
import type { ListEntry } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { rewritten } from '../rewritten.ts';

export const hostBits: LintCheck = {
  name: 'host-bits',
  codes: ['RLY2012'],
  doc: 'Networks in a list have no host bits set.',
  avoid: `
lists:
  apps: { type: cidr, values: [10.9.0.7/24] }
rules:
  - { id: a, on: connect, when: { client.ip: { in: apps } }, then: accept }
`,
  prefer: `
lists:
  apps: { type: cidr, values: [10.9.0.0/24] }
rules:
  - { id: a, on: connect, when: { client.ip: { in: apps } }, then: accept }
`,
  check: ({ files }) =>
    files
      .flatMap((file) => file.lists)
      .filter(({ type }) => type === 'cidr')
      .flatMap(({ entries }) => entries.flatMap(checkEntry)),
};

/** In a list file entries have no quotes. */
const entryText = (text: string, file: string): string => (/\.ya?ml$/.test(file) ? JSON.stringify(text) : text);

const checkEntry = ({ text, at }: ListEntry): readonly Diagnostic[] => {
  const prefix = text.includes('/') ? parsePrefix(text) : null;
  const address = parseIp(text.slice(0, text.indexOf('/')));
  if (prefix === null || address === null) return [];
  const masked = maskIp(address, prefix.length);
  if (masked.every((word, index) => word === address[index])) return [];
  const network = formatIp(masked);
  const isPlausible = prefix.length >= (network.includes(':') ? 16 : 8);
  const fixes = !isPlausible
    ? []
    : [`${network}/${prefix.length}`, formatIp(address)].flatMap((one) => rewritten(at, entryText(one, at.file)));
  const help = `Write ${network}/${prefix.length} for the network, or ${formatIp(address)} for the host alone.`;
  return [diagnose('RLY2012', at, { message: `${text} has host bits set beyond its prefix`, help, fixes })];
};
