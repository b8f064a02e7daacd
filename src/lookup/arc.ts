import type { ARCData, ARCSigningData } from 'mailauth';
import type { DkimOutcome } from './dkim.ts';
import { temporaryError } from './failure.ts';
import { mailauthDns } from './mailauth-dns.ts';
import type { Resolver } from './resolver.ts';

/**
 * The state of the ARC chain, RFC 8617 4.4: `pass`, `fail` or `none`. Rejects where the chain did not verify
 * and a key could not be had: mailauth calls that a failure, and it is none.
 */
export const verifyArc = async (resolver: Resolver, dkim: DkimOutcome, signal: AbortSignal): Promise<string> => {
  if (dkim.arc === null) return 'none';
  const { arc } = await import('mailauth/lib/arc/index.js');
  const dns = mailauthDns(resolver, signal);
  const { status } = await arc(chainOf(dkim.arc), { resolver: dns.resolve });
  const failures = [...dkim.failures, ...dns.failures];
  if (status.result === 'fail' && failures.length > 0) throw temporaryError('ARC', failures);
  return status.result;
};

const chainOf = ({ chain, lastEntry, error }: ARCSigningData): ARCData => ({
  chain: chain === false ? [] : chain,
  ...(lastEntry === undefined ? {} : { lastEntry }),
  ...(error === undefined ? {} : { error }),
});
