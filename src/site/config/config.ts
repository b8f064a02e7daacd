import type { JsonObject } from '../../policy/json.ts';
import type { ValuesOf } from './key.ts';
import { SERVICE_KEYS } from './keys/services/index.ts';
import { readKeys } from './nested-keys.ts';
import { RELAY_KEYS } from './site-keys.ts';

/**
 * What `config/relay.yaml` says, every default filled in. Durations are milliseconds, sizes bytes, paths absolute.
 * The keys are declared in `site-keys.ts`.
 */
export interface RelayConfig extends ValuesOf<typeof RELAY_KEYS> {
  /** Absolute path of the site's folder. */
  readonly root: string;
  /** All that look-ups are made from. */
  readonly services: ValuesOf<typeof SERVICE_KEYS>;
}

export type ListenerConfig = RelayConfig['listeners'][number];
export type TlsConfig = NonNullable<RelayConfig['tls']>;
export type AuthConfig = NonNullable<RelayConfig['auth']>;
export type LogConfig = RelayConfig['log'];

/** Reads a configuration that passed schema and checks. `root` is the site's folder. */
export const configOf = (site: JsonObject, root: string): RelayConfig => {
  const context = { root, site };
  return { root, ...readKeys(RELAY_KEYS, site, context), services: readKeys(SERVICE_KEYS, site, context) };
};
