import type { FactDefinition } from '../fact-definition.ts';
import { domainName, STRANGE_NAME } from '../possible.ts';
import type { SpfRequest } from '../services.ts';
import { domain } from '../types/domain.ts';
import { arcResult, dkimResult, dmarcPolicy, dmarcResult, spfResult } from '../types/vocabularies.ts';
import { type FactSource, type FactValue, Unknown } from '../value.ts';

const text = (facts: FactSource, name: string): string => {
  const value = facts.get(name);
  return typeof value === 'string' ? value : '';
};

const envelopeOf = (facts: FactSource): SpfRequest => ({
  ip: text(facts, 'client.ip'),
  helo: text(facts, 'helo.name'),
  sender: text(facts, 'sender.address'),
});

/** What belongs to the same answer as a fact that is unknown is unknown too. */
const unlessUnknown = (given: FactSource, fact: string, value: (other: FactValue | undefined) => FactValue): FactValue => {
  const other = given.get(fact);
  return other instanceof Unknown ? other : value(other);
};

const common = {
  provider: 'lookup',
  collection: false,
  from: 'data_post',
  hooks: ['data_post', 'queue'],
  lifetime: 'transaction',
} as const;

export const facts: readonly FactDefinition[] = [
  {
    ...common,
    name: 'spf.result',
    type: spfResult,
    from: 'mail',
    hooks: ['mail', 'rcpt', 'data', 'data_post', 'queue'],
    doc: 'SPF result for the sender, or for the HELO name with the null sender (RFC 7208 2.4).',
    example: { when: { 'spf.result': ['fail', 'softfail'] }, given: { 'spf.result': 'pass' }, holds: false },
    lookUp: ({ facts: given, services, signal }) => services.mail.spf(envelopeOf(given), signal),
    assumed: { doc: '`pass`', value: () => 'pass' },
  },
  {
    ...common,
    name: 'dkim.result',
    type: dkimResult,
    doc: 'Best result among the DKIM signatures (RFC 6376, RFC 8601 2.7.1).',
    example: { when: { 'dkim.result': 'pass' }, given: { 'dkim.result': 'none' }, holds: false },
    lookUp: async ({ services, signal }) => (await services.mail.dkim(signal)).result,
    assumed: {
      doc: '`pass`; `none` where `dkim.domains` is given as `absent`',
      value: (given) => unlessUnknown(given, 'dkim.domains', (domains) => (domains === null ? 'none' : 'pass')),
    },
  },
  {
    ...common,
    name: 'dkim.domains',
    type: domain,
    possible: { ...domainName, form: STRANGE_NAME },
    collection: true,
    doc: 'Domains (`d=`) of the passing DKIM signatures; absent if none passes.',
    example: { when: { 'dkim.domains': 'example.com' }, given: { 'dkim.domains': ['example.net', 'example.com'] }, holds: true },
    lookUp: async ({ services, signal }) => {
      const { domains } = await services.mail.dkim(signal);
      return domains.length === 0 ? null : domains;
    },
    assumed: {
      doc: 'the domain of From; `absent` where `dkim.result` is given and is not `pass`',
      value: (given) =>
        unlessUnknown(given, 'dkim.result', (result) =>
          result === undefined || result === 'pass' ? (given.get('from.domain') ?? null) : null,
        ),
    },
  },
  {
    ...common,
    name: 'dmarc.result',
    type: dmarcResult,
    doc: 'DMARC result for the From domain (RFC 7489); `none` if it publishes no policy.',
    example: { when: { 'dmarc.result': 'fail' }, given: { 'dmarc.result': 'unknown' }, holds: undefined },
    lookUp: async ({ facts: given, services, signal }) => (await services.mail.dmarc(envelopeOf(given), signal)).result,
    assumed: { doc: '`pass`; unknown with `dmarc.policy`', value: (given) => unlessUnknown(given, 'dmarc.policy', () => 'pass') },
  },
  {
    ...common,
    name: 'dmarc.policy',
    type: dmarcPolicy,
    doc: 'Policy the From domain publishes for DMARC failures; absent if it has none.',
    example: { when: { 'dmarc.policy': 'reject' }, given: { 'dmarc.policy': 'reject' }, holds: true },
    lookUp: async ({ facts: given, services, signal }) => (await services.mail.dmarc(envelopeOf(given), signal)).policy,
    assumed: { doc: '`none`; unknown with `dmarc.result`', value: (given) => unlessUnknown(given, 'dmarc.result', () => 'none') },
  },
  {
    ...common,
    name: 'arc.result',
    type: arcResult,
    doc: 'Validation state of the ARC chain (RFC 8617).',
    example: { when: { 'arc.result': 'pass' }, given: { 'arc.result': 'none' }, holds: false },
    lookUp: ({ services, signal }) => services.mail.arc(signal),
    assumed: { doc: '`none`', value: () => 'none' },
  },
];
