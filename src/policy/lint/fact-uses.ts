import type { Span } from '../diagnostic.ts';
import { entries } from '../read/parts.ts';
import type { PolicyFile, TestSyntax } from '../syntax.ts';
import { type FactCondition, factConditionsOf, guardedOf } from './guarded.ts';
import { placeholders } from './placeholders.ts';

/** A fact named somewhere in a policy, by its full name. */
export interface FactUse {
  readonly fact: string;
  readonly at: Span;
}

const inCondition = ({ fact, factAt, operators }: FactCondition): readonly FactUse[] => [
  { fact, at: factAt },
  ...operators.flatMap(({ operator, operand }) =>
    operator === 'same_as' && typeof operand.value === 'string' ? [{ fact: operand.value, at: operand.at }] : [],
  ),
];

const givenTo = ({ given }: TestSyntax): readonly FactUse[] => entries(given).map(([fact]) => ({ fact, at: given.spanOf([fact], 'key') }));

/** Every place of a file that names a fact: conditions, `same_as`, keys of limits, texts of actions, and what tests give. */
export const factUses = (file: PolicyFile): readonly FactUse[] => [
  ...guardedOf(file).flatMap(factConditionsOf).flatMap(inCondition),
  ...file.rules.flatMap(({ limit }) => limit?.key ?? []),
  ...file.rules.flatMap(({ actions }) => actions.flatMap(({ argument }) => placeholders(argument))),
  ...file.tests.flatMap(givenTo),
];
