import { isIPv6 } from 'node:net';
import type { Diagnostic } from '../../policy/diagnostic.ts';
import { isArray, type Json, type JsonObject } from '../../policy/json.ts';
import type { Located } from '../../policy/syntax.ts';
import { at, type Check, objects } from './check.ts';
import { networks } from './networks.ts';

const CONCESSIONS = ['bare_addresses', 'loose_helo', 'bare_lf', 'encode_headers'] as const;

const MEANINGS: Readonly<Record<(typeof CONCESSIONS)[number], string>> = {
  bare_addresses: 'Addresses without angle brackets are accepted',
  loose_helo: 'HELO and EHLO with more than one word are accepted',
  bare_lf: 'Lines ending in a bare line feed are accepted',
  encode_headers: '8-bit headers are rewritten',
};

/** Networks that the internet does not route (RFC 1918, 4193, 6598, loopback, link-local). */
const PRIVATE = networks([
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['fc00::/7', 'fe80::/10', '::1'],
]);

/** All of IPv4, as IPv6. */
const MAPPED = networks(['::ffff:0:0/96']);
const MAPPED_PREFIX = 96;

/** Public networks of this prefix or longer are somebody one knows. */
const SMALLEST = { ipv4: 24, ipv6: 64 };

/** The shortest prefix that lies in private space whole. */
const PRIVATE_PREFIX = { ipv4: 8, ipv6: 7 };

const isKnown = (network: string): boolean => {
  const [address = '', length] = network.split('/');
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const prefix = length === undefined ? 128 : Number(length);
  if (family === 'ipv6' && MAPPED.check(address, family)) return prefix >= MAPPED_PREFIX + SMALLEST.ipv4;
  return prefix >= SMALLEST[family] || (prefix >= PRIVATE_PREFIX[family] && PRIVATE.check(address, family) && isWithin(address, prefix));
};

/** Of the blocks above, those that are smaller than the prefix asked for. */
const isWithin = (address: string, prefix: number): boolean => {
  if (address.startsWith('172.')) return prefix >= 12;
  if (/^(?:192\.168|169\.254)\./.test(address)) return prefix >= 16;
  return /^(?:100\.|fe)/i.test(address) ? prefix >= 10 : true;
};

const texts = (value: Json | undefined): readonly string[] => (isArray(value) ? value.map(String) : []);

const entryFaults = (
  document: Located,
  entry: JsonObject,
  { index, known }: { readonly index: number; readonly known: readonly string[] },
) => {
  const from = texts(entry.from);
  const listeners = texts(entry.listeners);
  const found: Diagnostic[] = [];
  if (from.length === 0 && listeners.length === 0)
    found.push(
      at(document, ['compat', index], 'RLY5001', {
        message: 'The entry names no clients',
        help: 'Add from: with networks, or listeners:.',
      }),
    );
  listeners.forEach((name, which) => {
    if (known.includes(name)) return;
    found.push(
      at(document, ['compat', index, 'listeners', which], 'RLY5001', {
        message: `There is no listener ${name}`,
        help: `Configured listeners: ${known.join(', ')}.`,
      }),
    );
  });
  if (entry.bare_lf === true && (from.length === 0 || !from.every(isKnown)))
    found.push(
      at(document, ['compat', index, 'bare_lf'], 'RLY5001', {
        message: 'Accepting bare line feeds from strangers allows SMTP smuggling',
        help: 'List private networks under from:, or public ones no larger than /24 (IPv6: /64).',
      }),
    );
  return found;
};

/** What is wrong with `compat:`, and a note on each concession that it makes. */
export const compatChecks: Check = (document, config) => {
  const known = objects(config.listeners).map(({ name }) => String(name));
  return objects(config.compat).flatMap((entry, index) => [
    ...entryFaults(document, entry, { index, known }),
    ...CONCESSIONS.filter((name) => entry[name] === true).map((name) =>
      at(document, ['compat', index, name], 'RLY5014', {
        message: `${MEANINGS[name]} from ${[...texts(entry.from), ...texts(entry.listeners)].join(', ')}`,
        help: 'Remove it once these clients are gone.',
      }),
    ),
  ]);
};
