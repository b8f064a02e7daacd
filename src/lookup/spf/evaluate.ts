import { formatIp, maskIp } from '../../policy/ip.ts';
import { SpfPermanentError } from './error.ts';
import { expandDomain, type MacroString, type MacroValues } from './macro.ts';
import type { ClientNames, SpfQueries } from './queries.ts';
import { type CidrLengths, isSpfRecord, type Mechanism, readRecord, type SpfRecord, type SpfWord } from './record.ts';

/** What includes and redirects do not change. RFC 7208 4.1. */
export interface SpfIdentity {
  readonly helo: string;
  readonly local: string;
  /** The domain of the sender. */
  readonly domain: string;
}

interface Scope {
  readonly queries: SpfQueries;
  readonly identity: SpfIdentity;
  /** The domain whose record is evaluated. */
  readonly domain: string;
}

/** `check_host()` of RFC 7208 4. Throws `SpfPermanentError`, or `LookupFailure` if DNS did not answer. */
export const checkHost = async (scope: Scope): Promise<SpfWord | 'none'> => {
  if (!isFullName(scope.domain)) return 'none';
  const { values } = await scope.queries.texts(scope.domain);
  const records = values.filter(isSpfRecord);
  const [text] = records;
  if (text === undefined) return 'none';
  if (records.length > 1) throw new SpfPermanentError(`${records.length} SPF records at ${scope.domain}`);
  return evaluate(readRecord(text), scope);
};

/** RFC 7208 4.3: a name with a single or a malformed label has no policy. */
const isFullName = (domain: string): boolean => {
  const labels = domain.replace(/\.$/, '').split('.');
  return labels.length > 1 && labels.every((label) => label !== '' && label.length <= 63);
};

const evaluate = async (record: SpfRecord, scope: Scope): Promise<SpfWord | 'none'> => {
  for (const { mechanism, result } of record.directives) if (await matches(mechanism, scope)) return result;
  return record.redirect === null ? 'neutral' : redirected(record.redirect, scope);
};

/** RFC 7208 6.1: the target must have a record. */
const redirected = async (target: MacroString, scope: Scope): Promise<SpfWord> => {
  scope.queries.countTerm();
  const domain = await named(target, scope);
  const result = await checkHost({ ...scope, domain });
  if (result === 'none') throw new SpfPermanentError(`redirect to ${domain}, which has no SPF record`);
  return result;
};

const matches = async (mechanism: Mechanism, scope: Scope): Promise<boolean> => {
  const { ip } = scope.queries;
  if (mechanism.name === 'all') return true;
  if (mechanism.name === 'ip') {
    const { words, length } = mechanism.network;
    return words.length === ip.length && maskIp(ip, length).every((word, index) => word === words[index]);
  }
  scope.queries.countTerm();
  return asked(mechanism, scope);
};

const asked = async (mechanism: Exclude<Mechanism, { name: 'all' | 'ip' }>, scope: Scope): Promise<boolean> => {
  const domain = await named(mechanism.domain, scope);
  switch (mechanism.name) {
    case 'include':
      return included(domain, scope);
    case 'exists':
      return scope.queries.exists(domain);
    case 'ptr':
      return hasNameWithin(await scope.queries.clientNames(), domain);
    case 'a':
      return scope.queries.isAt(domain, bitsOf(mechanism.cidr, scope));
    case 'mx':
      return anyAt(await scope.queries.exchanges(domain), bitsOf(mechanism.cidr, scope), scope);
  }
};

/** RFC 7208 5.2: a pass matches; a missing record is an error. */
const included = async (domain: string, scope: Scope): Promise<boolean> => {
  const result = await checkHost({ ...scope, domain });
  if (result === 'none') throw new SpfPermanentError(`include of ${domain}, which has no SPF record`);
  return result === 'pass';
};

const anyAt = async (hosts: readonly string[], bits: number, { queries }: Scope): Promise<boolean> => {
  for (const host of hosts) if (await queries.isAt(host, bits)) return true;
  return false;
};

const bitsOf = ({ ip4, ip6 }: CidrLengths, { queries }: Scope): number => (queries.ip.length === 1 ? ip4 : ip6);

const hasNameWithin = ({ validated, failed }: ClientNames, domain: string): boolean => {
  if (validated.some((name) => isWithin(name, domain))) return true;
  for (const [name, failure] of failed) if (isWithin(name, domain)) throw failure;
  return false;
};

const isWithin = (name: string, domain: string): boolean => {
  const target = domain.toLowerCase();
  return name === target || name.endsWith(`.${target}`);
};

const named = async (spec: MacroString | null, scope: Scope): Promise<string> =>
  spec === null ? scope.domain : expandDomain(spec, macroValues(scope));

/** RFC 7208 7.2. */
const macroValues =
  (scope: Scope): MacroValues =>
  (letter) => {
    const { helo, local, domain } = scope.identity;
    switch (letter) {
      case 's':
        return `${local}@${domain}`;
      case 'l':
        return local;
      case 'o':
        return domain;
      case 'd':
        return scope.domain;
      case 'i':
        return dotted(scope);
      case 'v':
        return scope.queries.ip.length === 1 ? 'in-addr' : 'ip6';
      case 'h':
        return helo;
      case 'p':
        return clientName(scope);
    }
  };

const dotted = ({ queries: { ip } }: Scope): string =>
  ip.length === 1 ? formatIp(ip) : [...ip.map((word) => word.toString(16).padStart(8, '0')).join('')].join('.');

/** RFC 7208 7.3: prefers the domain itself, then a subdomain, then any other name. */
const clientName = async ({ queries, domain }: Scope): Promise<string> => {
  const { validated, failed } = await queries.clientNames();
  const target = domain.toLowerCase();
  const [failure] = failed.values();
  if (failure !== undefined && !validated.includes(target)) throw failure;
  return validated.find((name) => name === target) ?? validated.find((name) => isWithin(name, target)) ?? validated[0] ?? 'unknown';
};
