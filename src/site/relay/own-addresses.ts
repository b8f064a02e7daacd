import { networkInterfaces } from 'node:os';
import { DEFAULT_SETTINGS } from '../../delivery/settings.ts';
import { formatIp, parseIp } from '../../policy/ip.ts';
import type { RelayConfig } from '../config/config.ts';

const UNSPECIFIED = ['0.0.0.0', '::'];

const interfaceAddresses = (): readonly string[] =>
  Object.values(networkInterfaces()).flatMap((found) => found?.map(({ address }) => address) ?? []);

/** One spelling, IPv4-mapped addresses as what they are; anything else stays as it is. */
const plain = (address: string): string => {
  const words = parseIp(address);
  return words === null ? address : formatIp(words);
};

/**
 * Addresses on which this relay answers where the world delivers: an MX that leads there leads back here.
 * Nobody else answers at the unspecified ones, nor, where the relay listens on all addresses, on 127.0.0.0/8.
 */
export const ownAddresses = ({ listeners }: Pick<RelayConfig, 'listeners'>): { readonly has: (address: string) => boolean } => {
  const hosts = listeners.flatMap(({ address }) =>
    address.kind === 'tcp' && address.port === DEFAULT_SETTINGS.mxPort ? [plain(address.host)] : [],
  );
  const isEverywhere = hosts.some((host) => UNSPECIFIED.includes(host));
  const own = new Set([...UNSPECIFIED, ...hosts, ...(isEverywhere ? interfaceAddresses().map(plain) : [])]);
  return {
    has: (address) => {
      const wanted = plain(address);
      return own.has(wanted) || (isEverywhere && wanted.startsWith('127.'));
    },
  };
};
