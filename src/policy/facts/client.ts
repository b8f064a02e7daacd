import type { FactDefinition } from '../fact-definition.ts';
import { formatIp, maskIp, parseIp } from '../ip.ts';
import { formed, whole } from '../possible.ts';
import { boolean } from '../types/boolean.ts';
import { ip } from '../types/ip.ts';
import { net } from '../types/net.ts';
import { number } from '../types/number.ts';

/** The /24 of an IPv4 address, the /64 of an IPv6 one: what one customer is usually given. */
const networkOf = (address: string): string | null => {
  const words = parseIp(address);
  if (words === null) return null;
  const length = words.length === 1 ? 24 : 64;
  return `${formatIp(maskIp(words, length))}/${length}`;
};

const common = { collection: false, from: 'connect_init', lifetime: 'connection' } as const;
const stated = { ...common, provider: 'session', keptWithMail: true } as const;

export const facts: readonly FactDefinition[] = [
  {
    ...stated,
    name: 'client.ip',
    type: ip,
    doc: 'Client address, taken from the PROXY header where that is trusted.',
    example: { when: { 'client.ip': ['10.0.0.0/8', '192.0.2.1'] }, given: { 'client.ip': '::ffff:10.1.2.3' }, holds: true },
  },
  {
    ...common,
    provider: 'derived',
    name: 'client.net',
    type: net,
    possible: formed('The /24 of an IPv4 address, the /64 of an IPv6 one.', '[0-9.]+/24|[0-9a-f:]+/64'),
    doc: 'Network of the client: /24 for IPv4, /64 for IPv6.',
    example: { when: { 'client.net': '192.0.2.0/24' }, given: { 'client.ip': '192.0.2.77' }, holds: true },
    derive: (given) => {
      const address = given.get('client.ip');
      return typeof address === 'string' ? networkOf(address) : address;
    },
  },
  {
    ...stated,
    name: 'client.port',
    type: number,
    doc: 'Source port of the client.',
    possible: whole(1, 65_535),
    example: { when: { 'client.port': { lt: 1024 } }, given: { 'client.port': 51000 }, holds: false },
  },
  {
    ...stated,
    name: 'client.early_talker',
    type: boolean,
    from: 'connect',
    doc: 'The client sent data before the greeting, which RFC 5321 4.3.1 forbids; detected only with a `greeting_pause`.',
    example: { when: { 'client.early_talker': true }, given: { 'client.early_talker': true }, holds: true },
  },
];
