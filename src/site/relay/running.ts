import type { BlockList } from 'node:net';
import type { SecureContext } from 'node:tls';
import { DEFAULT_SETTINGS, type DeliverySettings, share } from '../../delivery/settings.ts';
import { createLookups, type Lookups } from '../../lookup/lookups.ts';
import type { Policy } from '../../policy/compile/policy.ts';
import type { Users } from '../../smtp/auth/users.ts';
import type { SessionSettings } from '../../transaction/settings.ts';
import { concessionsOf } from '../config/concessions.ts';
import type { RelayConfig } from '../config/config.ts';
import { sameServices } from '../config/effects.ts';
import { networks } from '../config/networks.ts';
import type { Secrets } from '../files/secrets.ts';
import { readTls } from '../files/tls-context.ts';
import type { Material } from '../snapshots/snapshot.ts';
import { ownAddresses } from './own-addresses.ts';
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
  /** What this policy signs and logs in with. */
  readonly secrets: Secrets;
  /** What the policy before did: transactions that began under it end with its keys. */
  readonly before: Secrets | null;
  /** Networks whose PROXY header is trusted. */
  readonly proxies: BlockList;
  /** What clients on which listener may do that standards forbid. */
  readonly concessions: NonNullable<SessionSettings['concessions']>;
  readonly delivery: DeliverySettings;
}

/** The look-ups that run, their cache with them, unless they are configured otherwise now. */
const lookupsOf = (config: RelayConfig, present: Running | null): Lookups =>
  present && sameServices(present.config, config) ? present.lookups : createLookups(config.services);

/** What one process delivers by. */
const deliverySettings = (config: RelayConfig, processes: number, present: Running | null): DeliverySettings => ({
  ...DEFAULT_SETTINGS,
  ...config.delivery,
  processes,
  concurrency: share(config.delivery.concurrency, processes),
  perDestination: share(config.delivery.perDestination, processes),
  hostname: present?.delivery.hostname ?? config.hostname,
  root: config.root,
  ownAddresses: ownAddresses(config),
});

export interface Surroundings {
  /** What runs now and will be replaced. */
  readonly present?: Running;
  readonly processes?: number;
}

/**
 * Makes ready what a site needs to run, in the place of what is `present`. Throws when its TLS files,
 * users or networks do not do; nothing has changed then.
 */
export const makeReady = ({ config, policy, secrets }: Material, now: number, surroundings: Surroundings = {}): Running => {
  const { present = null, processes = present?.delivery.processes ?? 1 } = surroundings;
  return {
    config,
    policy,
    loaded: now,
    lookups: lookupsOf(config, present),
    tls: readTls(config.tls, secrets.tls),
    users: readUsers(config.auth, secrets.users),
    secrets,
    before: present?.secrets ?? null,
    proxies: networks(config.proxyProtocol),
    concessions: concessionsOf(config),
    delivery: deliverySettings(config, processes, present),
  };
};
