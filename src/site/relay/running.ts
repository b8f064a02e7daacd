import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { SecureContext } from 'node:tls';
import { DEFAULT_SETTINGS, type DeliverySettings } from '../../delivery/settings.ts';
import { createLookups, type Lookups } from '../../lookup/lookups.ts';
import type { Users } from '../../smtp/users.ts';
import type { RelayConfig } from '../config/config.ts';
import type { Site } from '../load.ts';
import { readTls } from './tls-material.ts';
import { readUsers } from './users.ts';

/** Everything a reload replaces. It is replaced as one, so that nobody sees half of it. */
export interface Running {
  readonly site: Site;
  readonly loaded: number;
  readonly lookups: Lookups;
  readonly tls: SecureContext | null;
  readonly users: Users;
  /** Networks whose PROXY header is believed. */
  readonly proxies: BlockList;
  readonly delivery: DeliverySettings;
}

const networks = (texts: readonly string[]): BlockList => {
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
const ownAddresses = (config: RelayConfig): ReadonlySet<string> => {
  const listening = config.listeners.flatMap(({ address }) =>
    address.kind === 'tcp' && address.port === DEFAULT_SETTINGS.mxPort ? [address.host] : [],
  );
  return new Set(listening.flatMap((host) => (WILDCARDS.has(host) ? interfaceAddresses() : [host])));
};

/** Makes ready what a site needs to run. Throws when its TLS files, users or networks do not do; nothing has changed then. */
export const makeReady = (site: Site, now: number): Running => {
  const { config } = site;
  return {
    site,
    loaded: now,
    lookups: createLookups(config),
    tls: readTls(config.tls),
    users: readUsers(config.auth),
    proxies: networks(config.proxyProtocol),
    delivery: { ...DEFAULT_SETTINGS, ...config.delivery, hostname: config.hostname, ownAddresses: ownAddresses(config) },
  };
};
