import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { RuleSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';

export const shadowEnd: LintCheck = {
  name: 'shadow-end',
  codes: ['RLY4005', 'RLY4006'],
  doc: 'A rule in shadow mode has an end date, and it lies in the future.',
  avoid: `
rules:
  - { id: forgotten, on: helo, mode: shadow, when: { helo.name: localhost }, then: reject }
  - { id: over, on: helo, mode: shadow, expires: "2001-01-01", when: { helo.name: home }, then: reject }
`,
  prefer: `
rules:
  - { id: trial, on: helo, mode: shadow, expires: "2999-12-31", when: { helo.name: localhost }, then: reject }
`,
  check: ({ files, now }) => files.flatMap((file) => file.rules).flatMap((rule) => checkRule(rule, now)),
};

/** A trial lasts until the end of its day, UTC. */
const endOf = (date: string): number => Date.parse(`${date}T23:59:59.999Z`);

/** `2026-02-30` would be read as a day in March. */
const isDay = (date: string): boolean => !Number.isNaN(endOf(date)) && new Date(endOf(date)).toISOString().startsWith(date);

const checkRule = (rule: RuleSyntax, now: number): readonly Diagnostic[] => {
  if (rule.mode !== 'shadow') return [];
  if (rule.expires === null) {
    const help = 'Add expires: with the date on which shadow mode ends.';
    return [diagnose('RLY4005', rule.idAt, { message: `${rule.id} is in shadow mode without an end date`, help })];
  }
  const { date, at } = rule.expires;
  if (!isDay(date)) {
    const help = 'Write a date such as 2026-12-31.';
    return [diagnose('RLY4005', at, { message: `${date} is not a valid date`, help })];
  }
  if (!(endOf(date) < now)) return [];
  const help = 'Remove mode: shadow to enforce the rule, delete the rule, or set a later date.';
  return [diagnose('RLY4006', at, { message: `Shadow mode of ${rule.id} expired on ${date}`, help })];
};
