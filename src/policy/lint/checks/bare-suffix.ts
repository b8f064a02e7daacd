import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { ConditionSyntax, Located, PolicyFile, RuleSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { factConditions } from '../guarded.ts';
import { type OperatorUse, operatorUses } from '../operator-uses.ts';
import { writtenOperands } from '../values/operands.ts';

export const bareSuffix: LintCheck = {
  name: 'bare-suffix',
  codes: ['RLY4052'],
  doc: 'What exempts or routes a domain does not match other domains that end alike.',
  avoid: `
rules:
  - { id: friend, on: connect, when: { client.rdns: { ends_with: friend.example } }, then: { skip: outside } }
  - { id: nameless, on: connect, group: outside, when: { client.fcrdns: false }, then: reject }
`,
  prefer: `
rules:
  - { id: friend, on: connect, when: { client.rdns: [friend.example, .friend.example] }, then: { skip: outside } }
  - { id: bad, on: mail, group: outside, when: { sender.domain: { ends_with: spam.example } }, then: reject }
`,
  check: ({ files }) =>
    files
      .flatMap(trusting)
      .flatMap(factConditions)
      .flatMap(operatorUses)
      .filter(isSuffix)
      .flatMap((use) => writtenOperands(use).flatMap((written) => checkText(use, written))),
};

/** Conditions that spare somebody a rule, or decide where mail goes. Grants are judged by what they let in. */
const trusting = ({ rules, routes }: PolicyFile): readonly ConditionSyntax[] => [
  ...[...rules, ...routes].flatMap(({ unless }) => unless),
  ...[...rules.filter(onlySpares), ...routes].flatMap(({ when }) => (when === null ? [] : [when])),
];

const SPARES: ReadonlySet<string> = new Set(['accept', 'skip', 'log']);

const onlySpares = ({ actions }: RuleSyntax): boolean => actions.every(({ action }) => SPARES.has(action));

const DOMAINS = /^(?:(?:sender|recipient|from)\.(?:domain|address)|client\.rdns|helo\.name)$/;

const isSuffix = ({ operator, fact, subject }: OperatorUse): boolean => operator === 'ends_with' && fact === subject && DOMAINS.test(fact);

const checkText = ({ fact }: OperatorUse, { value, at }: Located): readonly Diagnostic[] => {
  if (typeof value !== 'string' || !/^[A-Za-z0-9-]+\.[A-Za-z0-9.-]+$/.test(value)) return [];
  const both = fact.endsWith('.address') ? `"@${value}"` : `[${value}, .${value}]`;
  return [
    diagnose('RLY4052', at, {
      message: `not${value} ends with ${value}, too`,
      help: `For the domain and its subdomains write ${fact}: ${both}.`,
    }),
  ];
};
