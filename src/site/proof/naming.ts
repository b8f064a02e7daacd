import { parsePrefix } from '../../policy/ip.ts';
import { splitAddress } from '../../policy/mailbox.ts';
import type { Atom } from '../../policy/proof/atoms.ts';
import type { Knowledge } from '../../policy/proof/values.ts';
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

const isAbout = (atom: Atom, address: string): boolean => atom.truth(address) === true;

/** Domains that nobody has named, as like as can be to this one: what holds for these too is not about the domain. */
const strangersTo = (domain: string): readonly string[] => {
  const labels = domain.split('.');
  const tail = labels.at(-1) ?? '';
  const second = labels.at(-2) ?? '';
  const unnamed = [`nobody-${labels.length}-has-this.${tail}`, 'nobody-has-this.invalid'];
  return second.length > 3 ? unnamed : [...unnamed, `nobody-has-this.${second}.${tail}`];
};

/** A full address that none of the conditions names. */
export const isUnnamed = (address: FactValue, atoms: readonly Atom[]): boolean => {
  if (typeof address !== 'string') return false;
  const { local, domain } = splitAddress(address);
  if (!isDomain(domain)) return false;
  return atoms.every((atom) => !isAbout(atom, address) || strangersTo(domain).some((other) => isAbout(atom, `${local}@${other}`)));
};
