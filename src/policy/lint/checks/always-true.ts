import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { ConditionSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import type { Guarded } from '../guarded.ts';
import type { OperatorUse } from '../operator-uses.ts';
import { alwaysHolding } from '../values/always-holding.ts';
import { jointsOf } from '../values/joint.ts';
import { isAlways } from '../values/judge.ts';
import { holdsFor, testOf } from '../values/leaf.ts';
import { singleOperator, writtenOperands } from '../values/operands.ts';
import { type Reasoning, reasoningOf } from '../values/reasoning.ts';
import { representatives } from '../values/representatives.ts';
import { maySuit } from '../values/suits.ts';
import { type Values, valuesOf } from '../values/values.ts';

export const alwaysTrue: LintCheck = {
  name: 'always-true',
  codes: ['RLY4013'],
  doc: 'No comparison holds for every value of its fact.',
  avoid: `
rules:
  - { id: a, on: mail, when: { any: [{ sender.domain: { ne: a.example } }, { sender.domain: { ne: b.example } }] }, then: reject }
  - { id: b, on: helo, when: { time.hour: { lte: 23 } }, then: defer }
`,
  prefer: `
rules:
  - { id: a, on: mail, when: { sender.domain: { not_in: [a.example, b.example] } }, then: reject }
  - { id: b, on: helo, when: { time.hour: { lte: 22 } }, then: defer }
`,
  check: (site) => {
    const reasoning = reasoningOf(site);
    return reasoning.asking.flatMap(({ guarded, uses }) => {
      const single = uses.flatMap((use) => checkUse(use, reasoning));
      return single.length > 0
        ? single
        : conditionsOf(guarded).flatMap((condition) => alwaysHolding(condition, reasoning).map(choiceAlwaysHolds));
    });
  },
};

const conditionsOf = ({ when, unless }: Guarded): readonly ConditionSyntax[] => [...(when === null ? [] : [when]), ...unless];

/** What rules and the configuration name does not count: a site may well know only `sbl`. */
const checkUse = (use: OperatorUse, reasoning: Reasoning): readonly Diagnostic[] => {
  const values = valuesOf(use.type, use.possible);
  if (values.are === 'anything' || isPicked(use, values) || writtenOperands(use).length === 0) return [];
  const leaf = { operator: use.operator, operand: use.operand.value, type: use.type };
  const test = testOf(leaf, reasoning.lists);
  const all = representatives({ values, leaves: [leaf], lists: reasoning.lists, effort: reasoning.effort });
  if (test === null || !isAlways(all, (value) => holdsFor(test, value)) || isIdle(use, reasoning)) return [];
  return [diagnose('RLY4013', use.at, { message: `Every ${use.subject} satisfies this`, help: helpFor(use.fact) })];
};

/** A selection of texts is never all of them. */
const isPicked = ({ operator }: OperatorUse, { are }: Values): boolean => are === 'texts' && (operator === 'eq' || operator === 'in');

/** It excludes an impossible value, which is reported itself. */
const isIdle = (use: OperatorUse, reasoning: Reasoning): boolean => {
  const suits = maySuit(use.possible, reasoning);
  const operator = singleOperator(use.operator);
  return writtenOperands(use).some(({ value }) => !suits({ operator, operand: value, type: use.type }));
};

const helpFor = (fact: string): string => `To test for presence, write ${fact}: { exists: true }; otherwise delete it or narrow it.`;

const choiceAlwaysHolds = (condition: ConditionSyntax): Diagnostic => {
  const [fact = ''] = jointsOf(condition).flatMap((joint) => joint.parts.map((part) => part.fact));
  return diagnose('RLY4013', condition.at, {
    message: `One of these conditions holds for every ${fact}`,
    help: `any: needs only one of them. To exclude several values, write ${fact}: { not_in: [a, b] }, or use all: instead of any:.`,
  });
};
