import type { SpfRequest } from '../policy/services.ts';
import { temporaryError } from './failure.ts';
import { mailauthDns } from './mailauth-dns.ts';
import type { Resolver } from './resolver.ts';

export interface SpfOutcome {
  /** A word of RFC 8601 2.7.2; never `temperror`. */
  readonly result: string;
  /** The domain that was checked: the sender's, or the HELO name of a null sender (RFC 7208 2.4). */
  readonly domain: string;
}

/** Rejects where RFC 7208 2.6.6 says temperror: nothing was found out. */
export const checkSpf = async (resolver: Resolver, request: SpfRequest, signal: AbortSignal): Promise<SpfOutcome> => {
  const { spf } = await import('mailauth/lib/spf/index.js');
  const dns = mailauthDns(resolver, signal);
  const { status, domain } = await spf({ ip: request.ip, helo: request.helo, sender: request.sender, mta: 'relay', resolver: dns.resolve });
  if (status.result !== 'temperror') return { result: status.result, domain };
  throw temporaryError(`SPF of ${domain}`, dns.failures.length > 0 ? dns.failures : [new Error(status.comment ?? 'no answer')]);
};
