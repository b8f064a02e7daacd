import type { DnsService, Services } from '../policy/services.ts';
import { Resolver } from './resolver.ts';
import type { TransactionContext } from './service.ts';
import { dnsService } from './services/dns.ts';
import { openServices, type ServicesConfig } from './services/index.ts';

/** The keys of config/relay.yaml that look-ups are made from. */
export type LookupConfig = ServicesConfig & {
  readonly dns: {
    /** `127.0.0.1:53`; the system's when empty. */
    readonly servers: readonly string[];
    /** Milliseconds for one question. */
    readonly timeout: number;
    /** Bytes of answers that are kept; 64 MiB if left out. */
    readonly cache?: number;
  };
};

/** All look-ups of the relay: one cache for all connections. */
export interface Lookups {
  readonly dns: DnsService;
  /** Bound to one transaction's message. Makes no query; ask for it only when something is to be found out. */
  readonly forTransaction: (context: TransactionContext) => Services;
}

/** Opens no socket and asks nothing. Throws `TypeError` on a code of a DNS list that is no address or range. */
export const createLookups = (config: LookupConfig, now: () => number = Date.now): Lookups => {
  const resolver = new Resolver({ ...config.dns, now });
  return { dns: dnsService(resolver), forTransaction: openServices(config, { resolver }) };
};
