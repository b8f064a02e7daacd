import { networkInterfaces } from 'node:os';
import { DEFAULT_SETTINGS } from '../../delivery/settings.ts';
import type { RelayConfig } from '../config/config.ts';

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
