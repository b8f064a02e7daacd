import type { Resolver } from '../resolver.ts';
import { organisationalDomain } from './alignment.ts';
import { type DmarcRecord, isDmarcRecord, type Policy, readDmarcRecord } from './record.ts';

/** The record that applies to a domain, and its policy for that domain. */
export interface FoundRecord {
  readonly record: DmarcRecord;
  readonly policy: Policy;
}

/**
 * The record at the domain itself, otherwise at its organisational domain (RFC 7489 6.6.3). Multiple records at one
 * name count as none. Rejects with `LookupFailure` if DNS did not answer.
 */
export const findRecord = async (resolver: Resolver, domain: string, signal: AbortSignal): Promise<FoundRecord | null> => {
  const own = await recordsAt(resolver, domain, signal);
  if (own.length > 0) return withPolicy(only(own), (record) => record.policy);
  const organisation = organisationalDomain(domain);
  if (organisation === domain) return null;
  const record = only(await recordsAt(resolver, organisation, signal));
  if (record === null) return null;
  const missing = record.missing !== null && !(await exists(resolver, domain, signal));
  return withPolicy(record, () => (missing ? record.missing : null) ?? record.subdomains);
};

const recordsAt = async (resolver: Resolver, domain: string, signal: AbortSignal): Promise<readonly string[]> =>
  (await resolver.query(`_dmarc.${domain}`, 'TXT', signal)).values.filter(isDmarcRecord);

const only = (texts: readonly string[]): DmarcRecord | null => {
  const [text, ...more] = texts;
  return text === undefined || more.length > 0 ? null : readDmarcRecord(text);
};

const withPolicy = (record: DmarcRecord | null, policy: (record: DmarcRecord) => Policy): FoundRecord | null =>
  record === null ? null : { record, policy: policy(record) };

/** RFC 9091 2.6: a name with an address or an MX. */
const exists = async (resolver: Resolver, domain: string, signal: AbortSignal): Promise<boolean> => {
  const types = ['A', 'AAAA', 'MX'] as const;
  const answers = await Promise.all(types.map((type) => resolver.query(domain, type, signal)));
  return answers.some(({ status }) => status === 'found');
};
