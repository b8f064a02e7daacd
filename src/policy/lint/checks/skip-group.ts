import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { hookOrder } from '../../hook.ts';
import { oneOrMany } from '../../read/parts.ts';
import type { Located, RuleSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { misspelt } from '../rewritten.ts';

export const skipGroup: LintCheck = {
  name: 'skip-group',
  codes: ['RLY4007'],
  doc: 'A skipped group has rules that have not run yet.',
  avoid: `
rules:
  - { id: friend, on: mail, when: { sender.domain: example.com }, then: { skip: [spma] } }
  - { id: check, on: rcpt, group: spam, when: { sender.null: true }, then: reject }
`,
  prefer: `
rules:
  - { id: friend, on: mail, when: { sender.domain: example.com }, then: { skip: [spam] } }
  - { id: check, on: rcpt, group: spam, when: { sender.null: true }, then: reject }
`,
  check: ({ files, mayMiss }) => {
    if (mayMiss('rules')) return [];
    const rules = files.flatMap((file) => file.rules);
    return rules.flatMap((rule) =>
      rule.actions
        .filter(({ action }) => action === 'skip')
        .flatMap(({ argument }) => oneOrMany(argument).flatMap((group) => checkGroup(group, rule, rules))),
    );
  },
};

/** At its own hook any other rule counts: the hook runs again for the next recipient. */
const checkGroup = (group: Located, rule: RuleSyntax, rules: readonly RuleSyntax[]): readonly Diagnostic[] => {
  const { value, at } = group;
  if (typeof value !== 'string') return [];
  const later = rules.filter((other) => other !== rule && hookOrder(other.on) >= hookOrder(rule.on));
  if (later.some((other) => other.group === value)) return [];
  const groups = new Set(rules.flatMap((other) => (other.group === null ? [] : [other.group])));
  groups.delete(value);
  const otherwise = `Add group: ${value} to the rules to skip, or delete the skip.`;
  return [diagnose('RLY4007', at, { message: `No later rule is in the group ${value}`, ...misspelt(value, groups, { at, otherwise }) })];
};
