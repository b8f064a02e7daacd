import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { Hook } from '../../hook.ts';
import { isObject } from '../../json.ts';
import { entry, oneOrMany } from '../../read/parts.ts';
import type { Located, RuleSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { factAtHook } from '../fact-at-hook.ts';
import { factConditionsOf, guardedOf } from '../guarded.ts';

export const comparedFact: LintCheck = {
  name: 'compared-fact',
  codes: ['RLY3012'],
  doc: 'A fact named by same_as or by the key of a greylist is known when the rule runs.',
  avoid: `
rules:
  - { id: a, on: mail, when: { sender.domain: { same_as: from.domain } }, then: accept }
  - { id: b, on: rcpt, then: { greylist: { key: [client.net, header.subject] } } }
`,
  prefer: `
rules:
  - { id: a, on: data_post, when: { sender.domain: { same_as: from.domain } }, then: accept }
  - { id: b, on: rcpt, then: { greylist: { key: [client.net, sender.address] } } }
`,
  check: ({ files }) => [
    ...files.flatMap(guardedOf).flatMap((guarded) =>
      factConditionsOf(guarded)
        .flatMap(({ operators }) => operators)
        .filter(({ operator }) => operator === 'same_as')
        .flatMap(({ operand }) => checkName(operand, guarded.hook)),
    ),
    ...files.flatMap((file) => file.rules).flatMap((rule) => greylistKeys(rule).flatMap((fact) => checkName(fact, rule.on))),
  ],
};

const greylistKeys = ({ actions }: RuleSyntax): readonly Located[] =>
  actions.flatMap(({ action, argument }) => {
    const key = action === 'greylist' && isObject(argument.value) ? entry(argument, 'key') : null;
    return key === null ? [] : oneOrMany(key);
  });

const checkName = ({ value, at }: Located, hook: Hook): readonly Diagnostic[] => {
  const answer = typeof value === 'string' ? factAtHook(value, hook) : null;
  if (answer === null || answer.known) return [];
  return [diagnose('RLY3012', at, { message: `${String(value)} is not known at ${hook}`, help: `It is known ${answer.where}.` })];
};
