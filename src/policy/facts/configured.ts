import type { Finding } from '../diagnostic-codes.ts';
import { didYouMean, nearest } from '../suggest.ts';
import { findFact, isFamily, memberOf } from './find.ts';

/** The keys of config/relay.yaml that configure look-ups and are present, each with the names of its entries. */
export type LookUpKeys = ReadonlyMap<string, readonly string[]>;

/** What the configuration needs before this fact can be looked up; `null` if nothing, or if there is no such fact. */
export const notConfigured = (fact: string, keys: LookUpKeys, definition = findFact(fact)): Finding | null => {
  const key = definition?.configuredBy;
  if (!definition || key === undefined) return null;
  return isFamily(definition) ? unknownMember(fact, key, keys.get(key) ?? []) : leftOut(fact, key, keys);
};

/** The fact with the name of an entry that is configured, where one is near; `null` for facts that need none. */
export const suggestedMember = (fact: string, keys: LookUpKeys, definition = findFact(fact)): string | null => {
  const key = definition?.configuredBy;
  if (!definition || key === undefined || !isFamily(definition)) return null;
  const name = memberOf(fact);
  const near = nearest(name, keys.get(key) ?? []);
  return near === null ? null : `${fact.slice(0, fact.length - name.length)}${near}`;
};

const unknownMember = (fact: string, key: string, known: readonly string[]): Finding | null => {
  const name = memberOf(fact);
  if (known.includes(name)) return null;
  const help = didYouMean(name, known, `Add ${name} under ${key}: in config/relay.yaml; what is not configured is never queried.`);
  return { message: `${fact} is not configured`, help };
};

const leftOut = (fact: string, key: string, keys: LookUpKeys): Finding | null =>
  keys.has(key)
    ? null
    : { message: `${fact} is not configured`, help: `Add ${key}: to config/relay.yaml; without it the fact is always unknown.` };
