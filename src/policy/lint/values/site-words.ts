import { findFact, memberOf } from '../../facts/find.ts';
import { isObject, type Json } from '../../json.ts';
import { oneOrMany } from '../../read/parts.ts';
import type { Scalar } from '../../value.ts';
import type { LintedSite } from '../check.ts';

/** Every value that a fact can have on this site, where rules or the configuration name them all. */
export type SiteWords = (fact: string) => readonly Scalar[] | null;

/** A DNS list answers with this where no code of it is named. */
const UNNAMED = 'other';

const RESULT = 'result.';

/** `dnsbl.<name>`: its values are the codes that the configuration names. */
export const isDnsList = (fact: string): boolean => findFact(fact)?.configuredBy === 'dnsbl';

/** What the rules of the site set, and which codes its DNS lists have. */
export const siteWords = ({ files, dnsListCodes, mayMiss }: Pick<LintedSite, 'files' | 'dnsListCodes' | 'mayMiss'>): SiteWords => {
  const results = new Map<string, (Scalar | null)[]>();
  const tags: (Scalar | null)[] = [];
  const someMissing = mayMiss('rules');
  for (const { action, argument } of files.flatMap((file) => file.rules).flatMap(({ actions }) => actions)) {
    if (action === 'tag') tags.push(...oneOrMany(argument).map(({ value }) => fixed(value)));
    if (action === 'set' && isObject(argument.value))
      for (const [name, value] of Object.entries(argument.value)) valuesOf(results, name).push(fixed(value));
  }
  const words = new Map([...results].map(([name, values]) => [name, allFixed(values)]));
  const fixedTags = allFixed(tags);
  return (fact) => {
    if (fact === 'tag') return someMissing ? null : fixedTags;
    if (fact.startsWith(RESULT)) return someMissing ? null : (words.get(memberOf(fact)) ?? (words.has(memberOf(fact)) ? null : []));
    const codes = isDnsList(fact) ? dnsListCodes?.get(memberOf(fact)) : undefined;
    return codes === undefined ? null : [...codes.map((code) => code.toLowerCase()), UNNAMED];
  };
};

const valuesOf = (results: Map<string, (Scalar | null)[]>, name: string): (Scalar | null)[] => {
  const known = results.get(name) ?? [];
  results.set(name, known);
  return known;
};

/** `null` for a text with facts in it, which may become anything. */
const fixed = (value: Json): Scalar | null => {
  if (typeof value === 'string') return value.includes('${') ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? value : null;
};

const allFixed = (values: readonly (Scalar | null)[]): readonly Scalar[] | null =>
  values.every((value) => value !== null) ? [...new Set(values)] : null;
