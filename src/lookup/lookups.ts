import type { DnsService, Services } from '../policy/services.ts';
import { Resolver } from './resolver.ts';
import type { TransactionContext } from './service.ts';
import { dnsService } from './services/dns.ts';
import { openServices, type ServicesConfig } from './services/index.ts';

/** The keys of config/relay.yaml that configure look-ups. */
export type LookupConfig = ServicesConfig & {
  readonly dns: {
    /** `127.0.0.1:53`; the system's when empty. */
    readonly servers: readonly string[];
    /** Milliseconds per query. */
    readonly timeout: number;
    /** Bytes of cached answers; 64 MiB if left out. */
    readonly cache?: number;
  };
};

/** All look-ups of the relay: one cache for all connections. */
export interface Lookups {
  readonly dns: DnsService;
  /** Services bound to one transaction's message. Makes no query itself; call it only when there is a look-up to make. */
  readonly forTransaction: (context: TransactionContext) => Services;
}

/** Opens no socket and makes no query. Throws `TypeError` if a code of a DNS list is not an address or range. */
export const createLookups = (config: LookupConfig, now: () => number = Date.now): Lookups => {
  const resolver = new Resolver({ ...config.dns, now });
  return { dns: dnsService(resolver), forTransaction: openServices(config, { resolver }) };
};
