import { diagnose } from '../../diagnostic-codes.ts';
import type { LintCheck } from '../check.ts';
import { lookalike } from '../values/lookalike.ts';
import { writtenOperands } from '../values/operands.ts';
import { reasoningOf } from '../values/reasoning.ts';

export const takenLiterally: LintCheck = {
  name: 'taken-literally',
  codes: ['RLY4015'],
  doc: 'A list is named with in:, a glob with glob:, a regular expression with matches:.',
  avoid: `
lists:
  our_domains: { type: domain, values: [example.com] }
rules:
  - { id: a, on: rcpt, when: { recipient.domain: our_domains }, then: defer }
  - { id: b, on: mail, when: { sender.address: "*@spam.example" }, then: reject }
  - { id: c, on: data_post, when: { header.subject: "/viagra/i" }, then: reject }
`,
  prefer: `
lists:
  our_domains: { type: domain, values: [example.com] }
rules:
  - { id: a, on: rcpt, when: { recipient.domain: { in: our_domains } }, then: defer }
  - { id: b, on: mail, when: { sender.address: "@spam.example" }, then: reject }
  - { id: c, on: data_post, when: { header.subject: { matches: "(?i)viagra" } }, then: reject }
`,
  check: (site) => {
    const { named, uses } = reasoningOf(site);
    return uses.flatMap((use) =>
      writtenOperands(use).flatMap((written) => {
        const found = lookalike(use, written, named);
        return found === null ? [] : [diagnose('RLY4015', written.at, found)];
      }),
    );
  },
};
