import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { DEFAULT_SETTINGS } from '../../delivery/settings.ts';
import type { RelayConfig } from '../config/config.ts';

/** Addresses and prefixes as one set. Throws on a text that is neither. */
export const networks = (texts: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const text of texts) {
    const [address = '', length] = text.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (length === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(length), family);
  }
  return list;
};

const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

const interfaceAddresses = (): readonly string[] =>
  Object.values(networkInterfaces()).flatMap((found) => found?.map(({ address }) => address) ?? []);

/** Addresses on which this relay answers where the world delivers: an MX that leads there leads back here. */
export const ownAddresses = (config: RelayConfig): ReadonlySet<string> => {
  const listening = config.listeners.flatMap(({ address }) =>
    address.kind === 'tcp' && address.port === DEFAULT_SETTINGS.mxPort ? [address.host] : [],
  );
  return new Set(listening.flatMap((host) => (WILDCARDS.has(host) ? interfaceAddresses() : [host])));
};
