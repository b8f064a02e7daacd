import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { findFact, memberOf } from '../../facts/find.ts';
import { entries } from '../../read/parts.ts';
import { didYouMean } from '../../suggest.ts';
import type { TestSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { type FactCondition, factConditionsOf, guardedOf } from '../guarded.ts';

type Asked = Pick<FactCondition, 'fact' | 'factAt'>;

export const dnsList: LintCheck = {
  name: 'dns-list',
  codes: ['RLY2021'],
  doc: 'A DNS list used in a condition or a test is configured.',
  avoid: `
rules:
  - { id: listed, on: connect, when: { dnsbl.zem: { exists: true } }, then: reject }
`,
  prefer: `
rules:
  - { id: listed, on: connect, when: { dnsbl.zen: { exists: true } }, then: reject }
`,
  check: ({ files, dnsLists }) => {
    if (dnsLists === null) return [];
    const asked = files.flatMap(guardedOf).flatMap(factConditionsOf);
    return [...asked, ...files.flatMap((file) => file.tests).flatMap(givenNames)]
      .filter(({ fact }) => findFact(fact)?.members === 'dnsbl' && !dnsLists.includes(memberOf(fact)))
      .map((use) => unknown(use, dnsLists));
  },
};

const givenNames = ({ given }: TestSyntax): readonly Asked[] =>
  entries(given).map(([fact]) => ({ fact, factAt: given.spanOf([fact], 'key') }));

const unknown = ({ fact, factAt }: Asked, known: readonly string[]): Diagnostic => {
  const name = memberOf(fact);
  const help = didYouMean(name, known, `Add ${name} under dnsbl: in config/relay.yaml; a list that is never queried stays unknown.`);
  return diagnose('RLY2021', factAt, { message: `The DNS list ${name} is not configured`, help });
};
