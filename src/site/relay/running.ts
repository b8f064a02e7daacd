import type { BlockList } from 'node:net';
import type { SecureContext } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import { DEFAULT_SETTINGS, type DeliverySettings } from '../../delivery/settings.ts';
import { createLookups, type Lookups } from '../../lookup/lookups.ts';
import type { Policy } from '../../policy/compile/policy.ts';
import type { Users } from '../../smtp/users.ts';
import type { RelayConfig } from '../config/config.ts';
import { networks } from '../config/networks.ts';
import type { Site } from '../load.ts';
import { ownAddresses } from './own-addresses.ts';
import { readTls } from './tls-material.ts';
import { readUsers } from './users.ts';

/** Everything a reload replaces. It is replaced as one, so that nobody sees half of it. */
export interface Running {
  readonly config: RelayConfig;
  readonly policy: Policy;
  /** Epoch milliseconds. */
  readonly loaded: number;
  readonly lookups: Lookups;
  readonly tls: SecureContext | null;
  readonly users: Users;
  /** Networks whose PROXY header is believed. */
  readonly proxies: BlockList;
  readonly delivery: DeliverySettings;
}

/** The look-ups that run, their cache with them, unless they are configured otherwise now. */
const lookupsOf = (config: RelayConfig, present: Running | null): Lookups => {
  const same = present && isDeepStrictEqual([config.dns, config.dnsbl], [present.config.dns, present.config.dnsbl]);
  return same ? present.lookups : createLookups(config);
};

/**
 * Makes ready what a site needs to run, in the place of what runs at `present`. Throws when its TLS files,
 * users or networks do not do; nothing has changed then.
 */
export const makeReady = ({ config, policy }: Pick<Site, 'config' | 'policy'>, now: number, present: Running | null = null): Running => ({
  config,
  policy,
  loaded: now,
  lookups: lookupsOf(config, present),
  tls: readTls(config.tls),
  users: readUsers(config.auth),
  proxies: networks(config.proxyProtocol),
  delivery: {
    ...DEFAULT_SETTINGS,
    ...config.delivery,
    hostname: present?.delivery.hostname ?? config.hostname,
    ownAddresses: ownAddresses(config),
  },
});
