import type { SpfRequest } from '../../policy/services.ts';
import { LookupFailure, temporaryError } from '../failure.ts';
import type { Resolver } from '../resolver.ts';
import { SpfPermanentError } from './error.ts';
import { checkHost, type SpfIdentity } from './evaluate.ts';
import { SpfQueries } from './queries.ts';

export interface SpfOutcome {
  /** A result word of RFC 8601 2.7.2; never `temperror`. */
  readonly result: string;
  /** The domain that was checked: the sender's, or the HELO name of a null sender (RFC 7208 2.4). */
  readonly domain: string;
}

/** Rejects for a temperror of RFC 7208 2.6.6, as there is no result. */
export const checkSpf = async (resolver: Resolver, request: SpfRequest, signal: AbortSignal): Promise<SpfOutcome> => {
  const identity = identityOf(request);
  const { domain } = identity;
  const queries = new SpfQueries(resolver, request.ip, signal);
  try {
    return { result: await checkHost({ queries, identity, domain }), domain };
  } catch (error) {
    if (error instanceof SpfPermanentError) return { result: 'permerror', domain };
    throw error instanceof LookupFailure && error.kind !== 'internal fault' ? temporaryError(`SPF of ${domain}`, [error]) : error;
  }
};

/** RFC 7208 2.4 and 4.3: a null sender is `postmaster` of the HELO name, and so is a missing local part. */
const identityOf = ({ helo, sender }: SpfRequest): SpfIdentity => {
  const at = sender.lastIndexOf('@');
  const domain = sender === '' ? helo : sender.slice(at + 1);
  return { helo, local: (at > 0 && sender.slice(0, at)) || 'postmaster', domain };
};
