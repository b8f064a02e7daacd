import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { findFact } from '../../facts/find.ts';
import { facts } from '../../facts/index.ts';
import type { RuleSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { factAtHook } from '../fact-at-hook.ts';
import { type Placeholder, placeholders } from '../placeholders.ts';
import { misspelt } from '../rewritten.ts';

const text = (fact: string): string => `\${${fact}}`;

export const templateFacts: LintCheck = {
  name: 'template-facts',
  codes: ['RLY2013', 'RLY2016', 'RLY3006'],
  doc: 'Text uses only facts that exist and are known when the rule runs.',
  avoid: `
rules:
  - { id: unknown, on: rcpt, then: { reject: "550 5.7.1 not for ${text('client.ipp')}" } }
  - { id: early, on: helo, then: { log: "from ${text('sender.address')}" } }
  - { id: open, on: helo, then: { log: "from \${client.ip" } }
`,
  prefer: `
rules:
  - { id: known, on: rcpt, when: { sender.null: true }, then: { reject: "550 5.7.1 not for ${text('client.ip')}" } }
  - { id: in-time, on: mail, then: { log: "from ${text('sender.address')}" } }
`,
  check: ({ files }) =>
    files
      .flatMap((file) => file.rules)
      .flatMap((rule) => rule.actions.flatMap(({ argument }) => placeholders(argument).flatMap((one) => check(one, rule)))),
};

const check = ({ fact, at, closed }: Placeholder, rule: RuleSyntax): readonly Diagnostic[] => {
  if (!closed)
    return [diagnose('RLY2016', at, { message: 'A } is missing after this', help: 'Write the name of a fact between ${ and }.' })];
  if (findFact(fact) === null) {
    const otherwise = 'Write the name of a fact from docs/reference.md between ${ and }.';
    const advice = misspelt(fact, facts.keys(), { at, otherwise, ours: true });
    return [diagnose('RLY2013', at, { message: fact === '' ? 'A placeholder names no fact' : `There is no fact ${fact}`, ...advice })];
  }
  const answer = factAtHook(fact, rule.on);
  if (answer.known) return [];
  const help = `It is known ${answer.where}; here the text would be missing its value.`;
  return [diagnose('RLY3006', at, { message: `${fact} is not known at ${rule.on}`, help })];
};
