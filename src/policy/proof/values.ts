import { findFact } from '../facts/find.ts';
import { formatIp, parsePrefix } from '../ip.ts';
import { asArray } from '../json.ts';
import { type Leaf, type SmallLists, valueOperator } from '../lint/values/leaf.ts';
import { lift } from '../lint/values/lift.ts';
import { representatives } from '../lint/values/representatives.ts';
import { valuesOf } from '../lint/values/values.ts';
import { splitAddress } from '../mailbox.ts';
import type { Effort } from '../reason/samples.ts';
import { address } from '../types/address.ts';
import type { FactValue, Scalar } from '../value.ts';
import type { Atom } from './atoms.ts';

/* Values of one fact that may make its atoms true and false as wanted. */

/** Entries of lists by name, as written. */
export type Entries = ReadonlyMap<string, readonly string[]>;

export interface Knowledge {
  readonly entries: Entries;
  /** Lists short enough to be looked at as a whole. */
  readonly small: SmallLists;
  /** Values to begin with, plain ones, by fact. */
  readonly usual: ReadonlyMap<string, readonly FactValue[]>;
  readonly effort: Effort;
}

/** Of a long list, as many entries are tried. */
const MOST_TRIED = 64;

const ADDRESSES = ['a@example.net', 'c@example.org', 'someone@elsewhere.example', 'x@sub.elsewhere.example'];

/** The texts that an operator names, list entries among them. */
const textsOf = ({ use }: Atom, { entries }: Knowledge): readonly string[] => {
  if (use === null) return [];
  const { value } = use.operand;
  const listed = use.operator === 'in' && typeof value === 'string' ? entries.get(value) : undefined;
  if (listed !== undefined) return listed.slice(0, MOST_TRIED);
  return asArray(value)
    .filter((one) => typeof one !== 'object')
    .flatMap((one) => (use.operator === 'matches' ? plainMatches(String(one)) : [String(one)]));
};

/** Texts like those that an expression matches: with its dots as dots, and with one of them as another character. */
const plainMatches = (expression: string): readonly string[] => {
  const text = withoutEscapes(expression.replace(/^\(\?i\)|[\^$]/g, ''))
    .replace(/\\[dwS][*+?]?|\[[^\]]*\][*+?]?/g, '1')
    .replace(/\.[*+]/g, 'a')
    .replace(/[()+?]|\|.*/g, '');
  const dots = [...text.matchAll(/\./g)].map(({ index }) => index).slice(0, 8);
  return [text, ...dots.map((at) => `${text.slice(0, at)}x${text.slice(at + 1)}`)];
};

/** `[.]` and `\.` are a dot. */
export const withoutEscapes = (expression: string): string =>
  expression.replace(/\[(\\?[^\]\\])\]/g, '$1').replace(/\\([^dwsDWSbB])/g, '$1');

const filled = (text: string): string => text.replaceAll('*', 'a').replaceAll('?', 'a');

/** Addresses around what atoms say of an address or its parts. */
const addressesAround = (atoms: readonly Atom[], knowledge: Knowledge): readonly string[] => {
  const locals = new Set(['someone']);
  const domains = new Set(['elsewhere.example']);
  const whole: string[] = [];
  for (const atom of atoms)
    for (const text of textsOf(atom, knowledge).map(filled)) {
      const { local, domain } = text.includes('@') ? splitAddress(text) : halves(atom, text);
      if (local !== '') locals.add(local);
      if (domain !== '') for (const one of around(domain)) domains.add(one);
      if (local !== '' && domain !== '') whole.push(text, `${local}+tag@${domain}`);
    }
  const pairs = [...domains].slice(0, 80).flatMap((domain) => [...locals].slice(0, 80).map((local) => `${local}@${domain}`));
  return [...whole, ...pairs, ...[...locals].slice(0, 20).map((local) => `${local}+tag@elsewhere.example`)];
};

const halves = ({ fact }: Atom, text: string): { local: string; domain: string } =>
  /\.(?:local|tag)$/.test(fact) ? { local: text, domain: '' } : { local: '', domain: text };

/** `.example.com` means every subdomain, and an ending may begin in the middle of a name. */
const around = (domain: string): readonly string[] =>
  domain.startsWith('.') ? [`sub${domain}`] : [domain, `sub.${domain}`, `not-${domain}`, `${domain}.example`];

const networksAround = (atoms: readonly Atom[], knowledge: Knowledge): readonly string[] =>
  atoms.flatMap((atom) =>
    textsOf(atom, knowledge).flatMap((text) => {
      const prefix = parsePrefix(text);
      if (prefix === null) return [];
      const inside = [...prefix.words];
      const last = inside.length - 1;
      if (prefix.length < 32 * inside.length) inside[last] = (inside[last] ?? 0) + 1;
      return [formatIp(inside), formatIp(prefix.words)];
    }),
  );

/** Good guesses, plain ones first. All of them are of the root. */
export function* guesses(root: string, atoms: readonly Atom[], knowledge: Knowledge): Generator<FactValue> {
  yield* knowledge.usual.get(root) ?? [];
  const definition = findFact(root);
  if (definition === null) return;
  const { type, collection } = definition;
  const plain = type.name === 'address' ? ADDRESSES : [];
  const scalars: Scalar[] = [];
  if (type.name === 'address') scalars.push(...plain, ...addressesAround(atoms, knowledge));
  else if (type.entries === 'cidr') scalars.push('203.0.113.9', '198.51.100.23', '2001:db8:ffff::9', ...networksAround(atoms, knowledge));
  else scalars.push(...atoms.flatMap((atom) => textsOf(atom, knowledge)).flatMap((text) => type.normalize(filled(text)) ?? []));
  for (const value of scalars) yield collection ? [value] : value;
}

/** `undefined`: its truth is the same for every value; `null`: nothing is known of it. */
const leafOf = ({ fact, use }: Atom, root: string): Leaf | null | undefined => {
  const definition = findFact(fact);
  if (use === null || definition === null) return null;
  const { partOf } = definition;
  if (partOf?.part === null) return undefined;
  if (use.operator === 'exists') return fact === root ? undefined : presenceOf(partOf?.part);
  if (valueOperator(use.operator) === null) return null;
  if (fact !== root && partOf === undefined) return null;
  return { operator: use.operator, operand: use.operand.value, type: definition.type, part: partOf?.part };
};

/** What stands behind the last `@` is there if anything does. */
const presenceOf = (part: 'before' | 'behind' | undefined): Leaf | null =>
  part === 'behind' ? { operator: 'glob', operand: '*@?*', type: address, part: undefined } : null;

/** An atom about which `representatives` can promise something. */
const isTold = (atom: Atom, root: string, small: SmallLists): boolean => {
  const leaf = leafOf(atom, root);
  if (leaf === null) return false;
  return leaf === undefined || typeof leaf.operand !== 'string' || leaf.operator !== 'in' || small.has(leaf.operand);
};

/**
 * Values that stand for all others, for the atoms in `told`: whatever these say of some value of the fact they say of one of
 * these. `undefined` at the end where that cannot be promised. Absent and unknown are not among them.
 */
export const standingForAll = (
  root: string,
  atoms: readonly Atom[],
  { small, effort }: Knowledge,
): { readonly told: ReadonlySet<Atom>; readonly values: Iterable<Scalar | undefined> } => {
  const definition = findFact(root);
  if (definition === null || definition.collection) return { told: new Set(), values: [undefined] };
  const told = atoms.filter((atom) => isTold(atom, root, small));
  const leaves = told.flatMap((atom) => leafOf(atom, root) ?? []);
  const values = representatives({ values: valuesOf(definition.type, definition.possible), leaves, lists: small, effort, lift });
  return { told: new Set(told), values };
};
