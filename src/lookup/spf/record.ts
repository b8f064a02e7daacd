import { type Prefix, parsePrefix } from '../../policy/ip.ts';
import { SpfPermanentError } from './error.ts';
import { type MacroString, readDomainSpec, readMacroString } from './macro.ts';

/*
 * Reads an SPF record, RFC 7208 12. An error anywhere in it is a permanent error of the whole, even behind
 * the term that decides (4.6).
 */

export type SpfWord = 'pass' | 'fail' | 'softfail' | 'neutral';

/** Bits of the client's address that count, by its family. */
export interface CidrLengths {
  readonly ip4: number;
  readonly ip6: number;
}

export type Mechanism =
  | { readonly name: 'all' }
  | { readonly name: 'ip'; readonly network: Prefix }
  | { readonly name: 'include' | 'exists'; readonly domain: MacroString }
  | { readonly name: 'ptr'; readonly domain: MacroString | null }
  | { readonly name: 'a' | 'mx'; readonly domain: MacroString | null; readonly cidr: CidrLengths };

export interface Directive {
  readonly result: SpfWord;
  readonly mechanism: Mechanism;
}

export interface SpfRecord {
  readonly directives: readonly Directive[];
  readonly redirect: MacroString | null;
}

interface Draft {
  readonly directives: Directive[];
  readonly modifiers: Map<string, MacroString>;
}

const QUALIFIERS: Readonly<Record<string, SpfWord>> = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' };
const MODIFIER = /^([a-z][a-z0-9._-]*)=(.*)$/i;
const DIRECTIVE = /^([+?~-]?)([a-z][a-z0-9._-]*)(.*)$/i;
const CIDR = /^(.*?)(?:\/(0|[1-9]\d?))?(?:\/\/(0|[1-9]\d{0,2}))?$/;
const DOTTED_QUAD = /^\d{1,3}(?:\.\d{1,3}){3}(?:\/(?:0|[1-9]\d?))?$/;
const IP6 = /^[\da-f:.]+(?:\/(?:0|[1-9]\d{0,2}))?$/i;

/** Version and a space, or the version alone; the case of its letters does not matter (RFC 7208 4.5). */
export const isSpfRecord = (text: string): boolean => /^v=spf1(?: |$)/i.test(text);

/** Throws `SpfPermanentError`. */
export const readRecord = (text: string): SpfRecord => {
  if (/[^\x20-\x7e]/.test(text)) throw new SpfPermanentError('the record holds more than printable ASCII');
  const draft: Draft = { directives: [], modifiers: new Map() };
  for (const term of text.split(' ').slice(1)) if (term !== '') readTerm(term, draft);
  return { directives: draft.directives, redirect: draft.modifiers.get('redirect') ?? null };
};

const readTerm = (term: string, { directives, modifiers }: Draft): void => {
  const [, modifier, value = ''] = MODIFIER.exec(term) ?? [];
  if (modifier === undefined) directives.push(readDirective(term));
  else readModifier(modifier.toLowerCase(), value, modifiers);
};

/** Each known modifier may stand once (RFC 7208 6); of an unknown one only the syntax matters. */
const readModifier = (name: string, value: string, modifiers: Map<string, MacroString>): void => {
  if (name !== 'redirect' && name !== 'exp') {
    readMacroString(value);
    return;
  }
  if (modifiers.has(name)) throw new SpfPermanentError(`${name}= stands twice`);
  modifiers.set(name, readDomainSpec(value));
};

const readDirective = (term: string): Directive => {
  const [, qualifier = '', name = '', rest = ''] = DIRECTIVE.exec(term) ?? [];
  const mechanism = readMechanism(name.toLowerCase(), rest);
  if (mechanism === null) throw new SpfPermanentError(`invalid term ${term}`);
  return { result: QUALIFIERS[qualifier] ?? 'pass', mechanism };
};

const readMechanism = (name: string, rest: string): Mechanism | null => {
  switch (name) {
    case 'all':
      return rest === '' ? { name } : null;
    case 'ip4':
    case 'ip6':
      return readNetwork(name, rest);
    case 'include':
    case 'exists':
      return rest.startsWith(':') ? { name, domain: readDomainSpec(rest.slice(1)) } : null;
    case 'ptr':
      return readOptionalDomain(rest, (domain) => ({ name, domain }));
    case 'a':
    case 'mx':
      return readHosts(name, rest);
    default:
      return null;
  }
};

const readOptionalDomain = (rest: string, made: (domain: MacroString | null) => Mechanism): Mechanism | null => {
  if (rest === '') return made(null);
  return rest.startsWith(':') ? made(readDomainSpec(rest.slice(1))) : null;
};

/** RFC 7208 5.3: `a`, `a/24`, `a:host.example/24//64`. */
const readHosts = (name: 'a' | 'mx', rest: string): Mechanism | null => {
  const [, domain = '', ip4 = '32', ip6 = '128'] = CIDR.exec(rest) ?? [];
  const cidr = { ip4: Number(ip4), ip6: Number(ip6) };
  if (cidr.ip4 > 32 || cidr.ip6 > 128) return null;
  return readOptionalDomain(domain, (spec) => ({ name, domain: spec, cidr }));
};

const readNetwork = (name: 'ip4' | 'ip6', rest: string): Mechanism | null => {
  const text = rest.slice(1);
  const isNetwork = (name === 'ip4' ? DOTTED_QUAD : IP6).test(text) && text.includes(':') === (name === 'ip6');
  const network = rest.startsWith(':') && isNetwork ? parsePrefix(text) : null;
  return network === null ? null : { name: 'ip', network };
};
