import { createHash } from 'node:crypto';
import type { RawHeader } from '../../message/header.ts';
import type { DmarcResults } from '../../policy/services.ts';
import type { DkimOutcome } from '../dkim/verify.ts';
import { LookupFailure, temporaryError } from '../failure.ts';
import type { Resolver } from '../resolver.ts';
import type { SpfOutcome } from '../spf/check.ts';
import { isAligned } from './alignment.ts';
import { authorDomain } from './author.ts';
import { type FoundRecord, findRecord } from './find-record.ts';
import { type DmarcRecord, POLICIES, type Policy } from './record.ts';

export interface DmarcEvidence {
  readonly header: RawHeader;
  readonly dkim: DkimOutcome;
  readonly spf: SpfOutcome | LookupFailure;
}

/**
 * `pass`, `fail`, `none` or `permerror`, and the policy of the From domain; RFC 7489 6.6. Rejects if the result
 * depends on a failed look-up. A message without a single author domain is `permerror` (6.6.1).
 */
export const evaluateDmarc = async (resolver: Resolver, evidence: DmarcEvidence, signal: AbortSignal): Promise<DmarcResults> => {
  const from = authorDomain(evidence.header);
  if (from === null) return { result: 'permerror', policy: null };
  const found = await recordOf(resolver, from, signal);
  if (found === null) return { result: 'none', policy: null };
  const { record, policy } = found;
  return { result: aligned(from, record, evidence), policy: isSampled(evidence.header, record) ? policy : weaker(policy) };
};

const recordOf = async (resolver: Resolver, from: string, signal: AbortSignal): Promise<FoundRecord | null> => {
  try {
    return await findRecord(resolver, from, signal);
  } catch (error) {
    throw error instanceof LookupFailure && error.kind !== 'internal fault' ? temporaryError(`DMARC of ${from}`, [error]) : error;
  }
};

const aligned = (from: string, { strictDkim, strictSpf }: DmarcRecord, { dkim, spf }: DmarcEvidence): string => {
  const counts = (domain: string): boolean => isAligned(from, domain, strictDkim);
  if (dkim.passed.some(counts)) return 'pass';
  if (spf instanceof LookupFailure) throw temporaryError(`DMARC of ${from}`, [spf]);
  if (spf.result === 'pass' && isAligned(from, spf.domain, strictSpf)) return 'pass';
  if (dkim.unknown.some(counts)) throw temporaryError(`DMARC of ${from}`, dkim.failures);
  return 'fail';
};

/** `pct=`, RFC 7489 6.6.4: sampled by a hash of the header, so that the same message always gets the same result. */
const isSampled = (header: RawHeader, { percent }: DmarcRecord): boolean =>
  percent === 100 || createHash('sha256').update(header.fieldBytes).digest().readUInt32BE(0) % 100 < percent;

/** The policy for a message outside the sample. RFC 7489 6.6.4. */
const weaker = (policy: Policy): Policy => POLICIES[Math.max(POLICIES.indexOf(policy) - 1, 0)] ?? 'none';
