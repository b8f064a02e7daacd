import type { FactDefinition, LookUp } from '../definition.ts';
import type { SignatureResults, SpfRequest } from '../services.ts';
import { arcResult } from '../types/arc-result.ts';
import { dkimResult } from '../types/dkim-result.ts';
import { dmarcPolicy } from '../types/dmarc-policy.ts';
import { dmarcResult } from '../types/dmarc-result.ts';
import { domain } from '../types/domain.ts';
import { spfResult } from '../types/spf-result.ts';
import type { FactSource, FactValue } from '../value.ts';

const text = (facts: FactSource, name: string): string => {
  const value = facts.get(name);
  return typeof value === 'string' ? value : '';
};

const envelopeOf = (facts: FactSource): SpfRequest => ({
  ip: text(facts, 'client.ip'),
  helo: text(facts, 'helo.name'),
  sender: text(facts, 'sender.address'),
});

/** RFC 8601 2.7: a temperror is «could not be found out», which here is not a value but unknown. */
const settled = (method: string, result: string): string => {
  if (result === 'temperror') throw new Error(`${method} could not be evaluated: temperror`);
  return result;
};

const fromSignatures =
  (take: (results: SignatureResults) => FactValue) =>
  async ({ facts, services, signal }: LookUp): Promise<FactValue> =>
    take(await services.mail.signatures(envelopeOf(facts), signal));

const common = { collection: false, from: 'data_post', hooks: ['data_post', 'queue'], lifetime: 'transaction' } as const;

export const facts: readonly FactDefinition[] = [
  {
    ...common,
    name: 'spf.result',
    type: spfResult,
    from: 'mail',
    hooks: ['mail', 'rcpt', 'data', 'data_post', 'queue'],
    doc: 'SPF of the sender, of the HELO name for the null sender (RFC 7208 2.4).',
    example: { when: { 'spf.result': ['fail', 'softfail'] }, given: { 'spf.result': 'pass' }, holds: false },
    lookUp: async ({ facts: given, services, signal }) => settled('spf', await services.mail.spf(envelopeOf(given), signal)),
  },
  {
    ...common,
    name: 'dkim.result',
    type: dkimResult,
    doc: 'The best result of its DKIM signatures (RFC 6376, RFC 8601 2.7.1).',
    example: { when: { 'dkim.result': 'pass' }, given: { 'dkim.result': 'none' }, holds: false },
    lookUp: fromSignatures((results) => settled('dkim', results.dkim)),
  },
  {
    ...common,
    name: 'dkim.domains',
    type: domain,
    collection: true,
    doc: 'Domains (`d=`) of the DKIM signatures that pass; absent if none does.',
    example: { when: { 'dkim.domains': 'example.com' }, given: { 'dkim.domains': ['example.net', 'example.com'] }, holds: true },
    lookUp: fromSignatures((results) => (results.dkimDomains.length === 0 ? null : results.dkimDomains)),
  },
  {
    ...common,
    name: 'dmarc.result',
    type: dmarcResult,
    doc: 'DMARC of the From domain (RFC 7489); `none` if it has no policy.',
    example: { when: { 'dmarc.result': 'fail' }, given: { 'dmarc.result': 'unknown' }, holds: undefined },
    lookUp: fromSignatures((results) => settled('dmarc', results.dmarc)),
  },
  {
    ...common,
    name: 'dmarc.policy',
    type: dmarcPolicy,
    doc: 'What the From domain asks for when DMARC fails; absent without a policy.',
    example: { when: { 'dmarc.policy': 'reject' }, given: { 'dmarc.policy': 'reject' }, holds: true },
    lookUp: fromSignatures((results) => {
      settled('dmarc', results.dmarc);
      return results.dmarcPolicy;
    }),
  },
  {
    ...common,
    name: 'arc.result',
    type: arcResult,
    doc: 'State of the ARC chain it came with (RFC 8617).',
    example: { when: { 'arc.result': 'pass' }, given: { 'arc.result': 'none' }, holds: false },
    lookUp: fromSignatures((results) => settled('arc', results.arc)),
  },
];
