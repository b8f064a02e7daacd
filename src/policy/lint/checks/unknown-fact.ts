import type { Diagnostic, Span } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { findFact } from '../../facts/find.ts';
import { facts } from '../../facts/index.ts';
import type { LintCheck } from '../check.ts';
import { factConditionsOf, guardedOf } from '../guarded.ts';
import { misspelt } from '../rewritten.ts';

/** The diagnostic for a name that is no fact; none if it is one. Also used where facts stand outside conditions. */
export const unknownFactAt = (fact: string, at: Span): readonly Diagnostic[] =>
  findFact(fact) !== null
    ? []
    : [
        diagnose('RLY2001', at, {
          message: `Unknown fact ${fact}`,
          ...misspelt(fact, facts.keys(), { at, otherwise: 'See docs/reference.md for all facts.', ours: true }),
        }),
      ];

export const unknownFact: LintCheck = {
  name: 'unknown-fact',
  codes: ['RLY2001'],
  doc: 'Every fact named in a condition, same_as or limit exists.',
  avoid: `
rules:
  - { id: a, on: rcpt, limit: { key: [client.nett], count: messages, max: 3, per: 1m }, then: defer }
  - { id: b, on: rcpt, when: { sender.domain: { same_as: recipient.domian } }, then: reject }
`,
  prefer: `
rules:
  - { id: a, on: rcpt, limit: { key: [client.net], count: messages, max: 3, per: 1m }, then: defer }
  - { id: b, on: rcpt, when: { sender.domain: { same_as: recipient.domain } }, then: reject }
`,
  check: ({ files }) => [
    ...files
      .flatMap(guardedOf)
      .flatMap((guarded) =>
        factConditionsOf(guarded).flatMap((condition) => [
          ...unknownFactAt(condition.fact, condition.factAt),
          ...condition.operators
            .filter(({ operator }) => operator === 'same_as')
            .flatMap(({ operand }) => (typeof operand.value === 'string' ? unknownFactAt(operand.value, operand.at) : [])),
        ]),
      ),
    ...files.flatMap((file) => file.rules.flatMap((rule) => rule.limit?.key ?? [])).flatMap(({ fact, at }) => unknownFactAt(fact, at)),
  ],
};
