import { View } from '../policy/compile/view.ts';
import { aLabels, wireAddress } from '../policy/mailbox.ts';
import { type FactSource, type FactValue, isCollection, Unknown } from '../policy/value.ts';
import { writeField } from './field.ts';

/** One entry of the field (RFC 8601 2.2): `spf=pass smtp.mailfrom=a@example.com`. */
export interface MethodResult {
  readonly method: 'spf' | 'dkim' | 'dmarc' | 'arc' | 'iprev' | 'auth';
  readonly result: string;
  /** `ptype.property` and its value. */
  readonly properties: readonly (readonly [name: string, value: string])[];
}

type Property = MethodResult['properties'][number];

/** The entries a method reports from the facts; none if no look-up was made. */
type Report = (facts: FactSource) => readonly MethodResult[];

const REPORTS: readonly Report[] = [
  (facts) => reported(facts, 'spf', 'spf.result', mailFrom(facts)),
  (facts) => signatures(facts),
  (facts) => (facts.get('dmarc.result') === undefined ? [] : reported(facts, 'dmarc', 'dmarc.result', fromDomain(facts))),
  (facts) => reported(facts, 'arc', 'arc.result', []),
  (facts) => reported(facts, 'iprev', 'client.fcrdns', property(facts, 'policy.iprev', 'client.ip')),
  (facts) => authenticated(facts),
];

/**
 * The results of all look-ups made so far: one that no rule asked for is not reported, one that failed is
 * `temperror`, one that found nothing is `none` (RFC 8601 2.7).
 */
export const authenticationResults = (facts: FactSource): readonly MethodResult[] => REPORTS.flatMap((report) => report(facts));

/** The field that goes on top of the message (RFC 8601 2.2), folded, closing CRLF included. `name` is our authserv-id. */
export const authenticationResultsField = (name: string, results: readonly MethodResult[]): string =>
  writeField('Authentication-Results', [name, ...(results.length > 0 ? results.map(entry) : ['none'])].join('; '), false);

const entry = ({ method, result, properties }: MethodResult): string =>
  [`${method}=${result}`, ...properties.map(([name, value]) => `${name}=${propertyValue(value)}`)].join(' ');

const wireDomain = (value: string): string => (/[^\p{ASCII}]/u.test(value) ? aLabels(value) || value : value);

/** RFC 8601 2.2 `pvalue`: an address, a domain or a token as it is, anything else quoted. */
const propertyValue = (value: string): string => {
  const ascii = (value.includes('@') ? wireAddress(value) : wireDomain(value)).replace(/[^\x20-\x7e]/g, '?');
  return /^[\w.!#$%&'*+/^`{|}~:@-]+$/.test(ascii) ? ascii : `"${ascii.replace(/["\\]/g, '\\$&')}"`;
};

const resultWord = (value: FactValue): string => {
  if (value instanceof Unknown) return 'temperror';
  if (value === true) return 'pass';
  if (value === false) return 'fail';
  return typeof value === 'string' ? value : 'none';
};

const reported = (
  facts: FactSource,
  method: MethodResult['method'],
  fact: string,
  properties: readonly Property[],
): readonly MethodResult[] => {
  const value = facts.get(fact);
  return value === undefined ? [] : [{ method, result: resultWord(value), properties }];
};

const property = (facts: FactSource, name: string, fact: string): readonly Property[] => {
  const value = facts.get(fact);
  return typeof value === 'string' && value !== '' ? [[name, value]] : [];
};

/** RFC 7208 2.4: the HELO identity stands in for a null sender. */
const mailFrom = (facts: FactSource): readonly Property[] => {
  const sender = property(facts, 'smtp.mailfrom', 'sender.address');
  return sender.length > 0 ? sender : property(facts, 'smtp.helo', 'helo.name');
};

/** Derived from the header when the method needs it, as no rule may have asked for it. */
const fromDomain = (facts: FactSource): readonly Property[] => {
  const domains = new View(facts).get('from.domain');
  const [domain] = domains !== undefined && isCollection(domains) ? domains : [];
  return typeof domain === 'string' ? [['header.from', domain]] : [];
};

/** One entry per domain with a valid signature (RFC 8601 2.7.1), otherwise a single overall result. */
const signatures = (facts: FactSource): readonly MethodResult[] => {
  const domains = facts.get('dkim.domains');
  const signed = domains !== undefined && isCollection(domains) ? domains.filter((domain) => typeof domain === 'string') : [];
  if (signed.length === 0) return reported(facts, 'dkim', 'dkim.result', []);
  return signed.map((domain) => ({ method: 'dkim', result: 'pass', properties: [['header.d', domain]] }));
};

const authenticated = (facts: FactSource): readonly MethodResult[] => {
  const properties = property(facts, 'smtp.auth', 'auth.user');
  return properties.length > 0 ? [{ method: 'auth', result: 'pass', properties }] : [];
};
