import type { DnsService, MessageContents, Services } from '../policy/services.ts';
import { type BlocklistConfig, blocklists } from './blocklists.ts';
import { dnsService } from './dns.ts';
import { TransactionAuthentication } from './mail-authentication.ts';
import { Resolver } from './resolver.ts';
import type { OpenMessage } from './signed-message.ts';

/** `dns:` and `dnsbl:` of config/relay.yaml. */
export interface LookupConfig {
  readonly dns: {
    /** `127.0.0.1:53`; the system's when empty. */
    readonly servers: readonly string[];
    /** Milliseconds for one question. */
    readonly timeout: number;
    /** Bytes of answers that are kept; 64 MiB if left out. */
    readonly cache?: number;
  };
  readonly dnsbl: Readonly<Record<string, BlocklistConfig>>;
}

interface TransactionContext {
  readonly message: OpenMessage;
  readonly content: MessageContents;
}

/** All look-ups of the relay: one cache for all connections. */
export interface Lookups {
  readonly dns: DnsService;
  /** Bound to one transaction's message. Makes no query; ask for it only when something is to be found out. */
  readonly forTransaction: (context: TransactionContext) => Services;
}

/** Opens no socket and asks nothing. Throws `TypeError` on a code of a DNS list that is no address or range. */
export const createLookups = (config: LookupConfig, now: () => number = Date.now): Lookups => {
  const resolver = new Resolver({ ...config.dns, now });
  const dns = dnsService(resolver);
  const lists = blocklists(config.dnsbl, resolver);
  return {
    dns,
    forTransaction: ({ message, content }) => ({ dns, blocklists: lists, content, mail: new TransactionAuthentication(resolver, message) }),
  };
};
