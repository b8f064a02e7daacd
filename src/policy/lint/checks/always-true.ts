import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { findFact } from '../../facts/find.ts';
import type { ConditionSyntax } from '../../syntax.ts';
import type { Scalar } from '../../value.ts';
import type { LintCheck } from '../check.ts';
import { type FactCondition, factConditionsOf, type Guarded, guardedOf } from '../guarded.ts';
import { type OperatorUse, operatorUses } from '../operator-uses.ts';
import { compiledFor, jointsOf, truthWith, valuesFor } from '../values/joint.ts';
import { isAlways, judge } from '../values/judge.ts';
import { testOf } from '../values/leaf.ts';
import { singleOperator, writtenOperands } from '../values/operands.ts';
import { type Reasoning, reasoningOf } from '../values/reasoning.ts';
import { representatives } from '../values/representatives.ts';
import { maySuit } from '../values/suits.ts';
import { valuesOf } from '../values/values.ts';

export const alwaysTrue: LintCheck = {
  name: 'always-true',
  codes: ['RLY4013'],
  doc: 'A comparison fails for some value of the fact.',
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
    return site.files.flatMap(guardedOf).flatMap((guarded) => {
      const single = factConditionsOf(guarded).flatMap((condition) => checkFact(condition, reasoning));
      return single.length > 0 ? single : conditionsOf(guarded).flatMap((condition) => checkChoice(condition, reasoning));
    });
  },
};

const conditionsOf = ({ when, unless }: Guarded): readonly ConditionSyntax[] => [...(when === null ? [] : [when]), ...unless];

const checkFact = (condition: FactCondition, reasoning: Reasoning): readonly Diagnostic[] =>
  operatorUses(condition).flatMap((use) => checkUse(use, reasoning));

/** `sbl` as the one word that a site knows is no mistake: only what definitions say of values counts here. */
const checkUse = (use: OperatorUse, reasoning: Reasoning): readonly Diagnostic[] => {
  const leaf = { operator: use.operator, operand: use.operand.value, type: use.type };
  const suits = maySuit(use.possible, reasoning);
  const idle = writtenOperands(use).some(({ value }) => !suits({ ...leaf, operator: singleOperator(use.operator), operand: value }));
  const values = valuesOf(use.type, use.possible);
  if (idle || writtenOperands(use).length === 0 || values.are === 'anything') return [];
  const test = testOf(leaf, reasoning.lists);
  if (test === null) return [];
  const all = representatives({ values, leaves: [leaf], lists: reasoning.lists, effort: reasoning.effort });
  if (!isAlways(judge(all, (value) => test(value, FACTS)))) return [];
  return [diagnose('RLY4013', use.at, { message: `Every ${use.subject} satisfies this`, help: helpFor(use.fact) })];
};

const FACTS = { get: () => undefined };

const helpFor = (fact: string): string => `For "there is one", write ${fact}: { exists: true }; otherwise delete it, or ask for less.`;

/** The innermost `any` that holds for every value of the one thing it asks about. */
const checkChoice = (condition: ConditionSyntax, reasoning: Reasoning): readonly Diagnostic[] => {
  if (condition.kind === 'fact') return [];
  const parts = condition.kind === 'not' ? [condition.part] : condition.parts;
  const within = parts.flatMap((part) => checkChoice(part, reasoning));
  if (within.length > 0 || condition.kind !== 'any' || !isEveryValue(condition, reasoning)) return within;
  const [fact = ''] = jointsOf(condition).flatMap((joint) => joint.parts.map((part) => part.fact));
  return [
    diagnose('RLY4013', condition.at, {
      message: `One of these conditions holds for every ${fact}`,
      help: `One is enough for any:. For "neither of them", write ${fact}: { not_in: [a, b] }, or all: instead of any:.`,
    }),
  ];
};

const isEveryValue = (condition: ConditionSyntax, reasoning: Reasoning): boolean => {
  const joints = jointsOf(condition);
  const [joint] = joints;
  if (joint === undefined || joints.length !== 1 || findFact(joint.root) === null) return false;
  // What asks for presence is meant to hold wherever there is a value.
  if (joint.parts.some(({ operators }) => operators.some(({ operator }) => operator === 'exists'))) return false;
  const test = compiledFor(condition, reasoning);
  return test !== null && isAlways(judge(whole(valuesFor(joint, reasoning), joint.root), (value) => truthWith(test, joint.root, value)));
};

/** A bare postmaster has no domain: there the conditions on it fail, as on anything that is absent. */
function* whole(values: Iterable<Scalar | undefined>, root: string): Generator<Scalar | undefined> {
  const isAddress = findFact(root)?.type.name === 'address';
  for (const value of values) if (!isAddress || value === undefined || String(value).includes('@')) yield value;
}
