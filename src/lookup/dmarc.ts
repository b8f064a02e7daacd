import type { DMARCResult } from 'mailauth';
import type { DmarcResults } from '../policy/services.ts';
import { isAligned } from './alignment.ts';
import type { DkimOutcome } from './dkim.ts';
import { LookupFailure, temporaryError } from './failure.ts';
import { mailauthDns } from './mailauth-dns.ts';
import { queryName } from './names.ts';
import type { Resolver } from './resolver.ts';
import type { SpfOutcome } from './spf/check.ts';

/*
 * mailauth finds and reads the record. Alignment is judged here: mailauth 4.13.3 falls back to relaxed
 * alignment where the record asks for strict, and knows no «could not be found out» of DKIM and SPF.
 */

export interface DmarcEvidence {
  readonly dkim: DkimOutcome;
  readonly spf: SpfOutcome | LookupFailure;
}

const POLICIES = ['none', 'quarantine', 'reject'];

/**
 * `pass`, `fail`, `none` or `permerror`, and what the domain of From asks for; RFC 7489 6.6. Rejects where it
 * depends on what could not be found out. A message without exactly one author address has no domain to ask: `permerror` (6.6.1).
 */
export const evaluateDmarc = async (resolver: Resolver, { dkim, spf }: DmarcEvidence, signal: AbortSignal): Promise<DmarcResults> => {
  const from = queryName(dkim.from[0]?.split('@').pop() ?? '');
  if (from === null || dkim.from.length > 1) return { result: 'permerror', policy: null };
  const { dmarc } = await import('mailauth/lib/dmarc/index.js');
  const dns = mailauthDns(resolver, signal);
  const record = await dmarc({ headerFrom: `author@${from}`, spfDomains: [], dkimDomains: [], resolver: dns.resolve });
  if (record === false || record.status.result === 'none') return { result: 'none', policy: null };
  if (record.status.result === 'temperror') throw temporaryError(`DMARC of ${from}`, dns.failures);
  return { result: aligned(from, record, { dkim, spf }), policy: policyOf(record) };
};

const aligned = (from: string, record: DMARCResult, { dkim, spf }: DmarcEvidence): string => {
  const { dkim: byDkim, spf: bySpf } = record.alignment;
  const counts = (domain: string): boolean => isAligned(from, domain, byDkim.strict);
  if (dkim.passed.some(counts)) return 'pass';
  if (spf instanceof LookupFailure) throw temporaryError(`DMARC of ${from}`, [spf]);
  if (spf.result === 'pass' && isAligned(from, spf.domain, bySpf.strict)) return 'pass';
  if (dkim.unknown.some(counts)) throw temporaryError(`DMARC of ${from}`, dkim.failures);
  return 'fail';
};

/** A record whose policy is none of the three asks for nothing. RFC 7489 6.6.3. */
const policyOf = ({ policy }: DMARCResult): string => {
  const word = (policy ?? '').trim().toLowerCase();
  return POLICIES.includes(word) ? word : 'none';
};
