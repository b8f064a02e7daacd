import { parsePrefix } from '../../policy/ip.ts';
import { asArray } from '../../policy/json.ts';
import { splitAddress } from '../../policy/mailbox.ts';
import type { Atom } from '../../policy/proof/atoms.ts';
import { type Knowledge, withoutEscapes } from '../../policy/proof/values.ts';
import type { FactValue } from '../../policy/value.ts';

/*
 * Whom and what a site names when it lets mail in. A network is named by its prefix, a recipient by an address or a domain. `abuse@`,
 * a pattern or a regular expression names no domain: what it lets in that no other condition names counts as the world.
 */

/** No site names all of these as its clients. */
const WIDEST = { ipv4: 8, ipv6: 16 } as const;

const isNarrow = (text: string): boolean => {
  const prefix = parsePrefix(text);
  return prefix !== null && prefix.length >= (prefix.words.length === 1 ? WIDEST.ipv4 : WIDEST.ipv6);
};

/** What an operator that selects values compares with: what is written, or the entries of its list; `null`: it does not select. */
const selected = ({ use }: Atom, entries: Knowledge['entries']): readonly string[] | null => {
  const value = use?.operand.value;
  if (use?.operator === 'in' && typeof value === 'string') return entries.get(value) ?? null;
  return use?.operator === 'eq' && (typeof value === 'string' || typeof value === 'number') ? [String(value)] : null;
};

/** It holds only for clients in networks that are not too wide to be named. */
export const namesNetworks = (atom: Atom, entries: Knowledge['entries']): boolean =>
  /^client\.(?:ip|net)$/.test(atom.fact) && (selected(atom, entries)?.every(isNarrow) ?? false);

/** The networks of those that do not, as far as they are not too wide. */
export const narrowNetworks = (atom: Atom, entries: Knowledge['entries']): readonly string[] =>
  /^client\.(?:ip|net)$/.test(atom.fact) ? (selected(atom, entries) ?? []).filter(isNarrow) : [];

const NAMED_BY: Readonly<Record<string, (text: string) => boolean>> = {
  'recipient.address': (text) => !text.endsWith('@') && !/[*?]/.test(text),
  'recipient.base': (text) => !text.endsWith('@'),
  'recipient.domain': (text) => !text.startsWith('.') || isDomain(text.slice(1)),
};

/** More than a top-level domain. */
const isDomain = (text: string): boolean => /^[^.*?]+(?:\.[^.*?]+)+$/.test(text);

/** An ending that has a whole domain in it. */
const endsInDomain = ({ use }: Atom): boolean => {
  const value = use?.operand.value;
  if (typeof value !== 'string' || (use?.operator !== 'ends_with' && use?.operator !== 'glob')) return false;
  return isDomain(/^(?:\*?@|\*?\.)([^@*?]+)$/.exec(value)?.[1] ?? '');
};

/** Every recipient for which it holds is named. `type`: of the list that it asks. */
export const namesRecipients = (atom: Atom, entries: Knowledge['entries'], type: string | undefined): boolean => {
  const isNamed = NAMED_BY[atom.fact];
  if (isNamed === undefined) return false;
  if (type === 'glob' || type === 'regex') return false;
  return endsInDomain(atom) || (selected(atom, entries)?.every(isNamed) ?? false);
};

/** What a condition is written with, list entries included. */
const writtenIn = ({ use }: Atom, entries: Knowledge['entries']): readonly string[] => {
  const value = use?.operand.value ?? '';
  const listed = use?.operator === 'in' ? entries.get(String(value)) : undefined;
  return (listed ?? asArray(value).map(String)).map(withoutEscapes);
};

/** The part of a domain that somebody registers, nearly enough. */
const registrable = (domain: string): string => {
  const labels = domain.split('.');
  const isShort = (labels.at(-2) ?? '').length <= 3 && labels.length > 2;
  return labels.slice(isShort ? -3 : -2).join('.');
};

/** A full address at a domain that is part of none of the conditions that hold for it. */
export const isUnnamed = (address: FactValue, atoms: readonly Atom[], entries: Knowledge['entries']): boolean => {
  if (typeof address !== 'string') return false;
  const { domain } = splitAddress(address);
  if (!isDomain(domain)) return false;
  const own = registrable(domain);
  return atoms.every((atom) => atom.truth(address) !== true || !writtenIn(atom, entries).some((text) => text.includes(own)));
};

/** Domains that a pattern or an expression has in it. */
export const domainsWithin = (atom: Atom, entries: Knowledge['entries']): readonly string[] => [
  ...new Set(writtenIn(atom, entries).flatMap((text) => text.match(/[a-z0-9-]+(?:\.[a-z0-9-]+)+/g) ?? [])),
];
