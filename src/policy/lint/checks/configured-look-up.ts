import { diagnose } from '../../diagnostic-codes.ts';
import { notConfigured, suggestedMember } from '../../facts/configured.ts';
import type { LintCheck } from '../check.ts';
import { factUses } from '../fact-uses.ts';
import { rewritten } from '../rewritten.ts';

export const configuredLookUp: LintCheck = {
  name: 'configured-look-up',
  codes: ['RLY2021'],
  doc: 'A look-up that a policy uses is configured: the DNS list `zen` under `dnsbl:`.',
  avoid: `
rules:
  - { id: listed, on: connect, when: { dnsbl.zem: { exists: true } }, then: reject }
`,
  prefer: `
rules:
  - { id: listed, on: connect, when: { dnsbl.zen: { exists: true } }, then: reject }
`,
  check: ({ files, lookUpKeys }) => {
    if (lookUpKeys === null) return [];
    return files.flatMap(factUses).flatMap(({ fact, at }) => {
      const finding = notConfigured(fact, lookUpKeys);
      const member = suggestedMember(fact, lookUpKeys);
      return finding === null ? [] : [diagnose('RLY2021', at, { ...finding, fixes: member === null ? [] : [rewritten(at, member)] })];
    });
  },
};
