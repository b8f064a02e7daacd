import { readTagList, type TagList } from '../../message/dkim/tag-list.ts';

/** What a domain asks for. RFC 7489 6.3, and `np=` of RFC 9091. */
export const POLICIES = ['none', 'quarantine', 'reject'] as const;
export type Policy = (typeof POLICIES)[number];

export interface DmarcRecord {
  readonly policy: Policy;
  /** Of names below the one that holds the record. */
  readonly subdomains: Policy;
  /** Of names below that do not exist; `null` where nothing of its own is asked for them. */
  readonly missing: Policy | null;
  readonly strictDkim: boolean;
  readonly strictSpf: boolean;
  /** Of a hundred messages, how many the policy is for. */
  readonly percent: number;
}

/** RFC 7489 6.6.3: other TXT records are passed over. */
export const isDmarcRecord = (text: string): boolean => /^v[ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)/.test(text);

/**
 * `null` where a record asks for nothing: `p=` is missing or unknown, and there is nobody to report to
 * (RFC 7489 6.6.3 step 6). An unreadable tag counts as not there (6.3).
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

/** What can be read, tag by tag; the first of a name counts. */
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
