import { diagnose } from '../../diagnostic-codes.ts';
import { oneOrMany } from '../../read/parts.ts';
import { didYouMean } from '../../suggest.ts';
import type { LintCheck } from '../check.ts';

export const unusedGroup: LintCheck = {
  name: 'unused-group',
  codes: ['RLY4047'],
  doc: 'Every group is skipped by some rule.',
  avoid: `
rules:
  - { id: friend, on: mail, when: { sender.domain: example.com }, then: { skip: outside } }
  - { id: first, on: rcpt, group: outside, when: { recipient.local: a }, then: reject }
  - { id: second, on: rcpt, group: outsiders, when: { recipient.local: b }, then: reject }
`,
  prefer: `
rules:
  - { id: friend, on: mail, when: { sender.domain: example.com }, then: { skip: [outside, local] } }
  - { id: first, on: rcpt, group: outside, when: { recipient.local: a }, then: reject }
  - { id: second, on: rcpt, group: local, when: { recipient.local: b }, then: reject }
`,
  wholeSite: true,
  check: ({ files }) => {
    const rules = files.flatMap((file) => file.rules);
    const skipped = new Set(
      rules
        .flatMap(({ actions }) => actions.filter(({ action }) => action === 'skip').flatMap(({ argument }) => oneOrMany(argument)))
        .map(({ value }) => String(value)),
    );
    const told = new Set<string>();
    return rules.flatMap(({ group, idAt }) => {
      if (group === null || skipped.has(group) || told.has(group)) return [];
      told.add(group);
      const help = didYouMean(group, skipped, `Add skip: ${group} to the rule that exempts somebody, or delete the group.`);
      return [diagnose('RLY4047', idAt, { message: `No rule skips the group ${group}`, help })];
    });
  },
};
