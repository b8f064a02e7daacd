import { readTagList, type TagList } from '../../message/dkim/tag-list.ts';

/** The policies a domain may publish. RFC 7489 6.3, and `np=` of RFC 9091. */
export const POLICIES = ['none', 'quarantine', 'reject'] as const;
export type Policy = (typeof POLICIES)[number];

export interface DmarcRecord {
  readonly policy: Policy;
  /** For subdomains of the name that holds the record. */
  readonly subdomains: Policy;
  /** For subdomains that do not exist; `null` if there is no separate policy for them. */
  readonly missing: Policy | null;
  readonly strictDkim: boolean;
  readonly strictSpf: boolean;
  /** The percentage of messages to which the policy applies. */
  readonly percent: number;
}

/** RFC 7489 6.6.3: other TXT records are ignored. */
export const isDmarcRecord = (text: string): boolean => /^v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)/.test(text);

/**
 * `null` if a record has no policy: `p=` is missing or unknown, and there is no address for reports
 * (RFC 7489 6.6.3 step 6). A malformed tag counts as missing (6.3).
 */
export const readDmarcRecord = (text: string): DmarcRecord | null => {
  const tags = tolerantTags(text);
  const policy = policyIn(tags, 'p') ?? (/(?:^|,)\s*[a-z][a-z0-9+.-]*:/i.test(tags.get('rua')?.value ?? '') ? 'none' : null);
  if (policy === null) return null;
  const below = policyIn(tags, 'p') === null ? policy : (policyIn(tags, 'sp') ?? policy);
  return {
    policy,
    subdomains: below,
    missing: policyIn(tags, 'np'),
    strictDkim: tags.get('adkim')?.value.toLowerCase() === 's',
    strictSpf: tags.get('aspf')?.value.toLowerCase() === 's',
    percent: percentOf(tags),
  };
};

/** All well-formed tags; the first of a name counts. */
const tolerantTags = (text: string): TagList =>
  new Map(
    text
      .split(';')
      .reverse()
      .flatMap((spec) => [...(readTagList(spec) ?? [])]),
  );

const policyIn = (tags: TagList, name: string): Policy | null => {
  const word = tags.get(name)?.value.toLowerCase();
  return POLICIES.find((policy) => policy === word) ?? null;
};

const percentOf = (tags: TagList): number => {
  const text = tags.get('pct')?.value ?? '';
  return /^\d{1,3}$/.test(text) && Number(text) <= 100 ? Number(text) : 100;
};
