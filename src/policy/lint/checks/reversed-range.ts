import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { findFact } from '../../facts/find.ts';
import type { OperatorSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { type FactCondition, factConditionsOf, guardedOf } from '../guarded.ts';
import { isScalar } from '../operator-uses.ts';

export const reversedRange: LintCheck = {
  name: 'reversed-range',
  codes: ['RLY2009'],
  doc: 'The lower bound on a fact is below its upper bound.',
  avoid: `
rules:
  - { id: night, on: connect, when: { time.hour: { gte: 22, lt: 6 } }, then: reject }
`,
  prefer: `
rules:
  - id: night
    on: connect
    when: { any: [{ time.hour: { gte: 22 } }, { time.hour: { lt: 6 } }] }
    then: reject
`,
  check: ({ files }) => files.flatMap(guardedOf).flatMap(factConditionsOf).flatMap(checkBounds),
};

const checkBounds = (condition: FactCondition): readonly Diagnostic[] => {
  const definition = findFact(condition.fact);
  if (definition === null || definition.collection) return [];
  const boundOf = (names: readonly string[]): { bound: number; strict: boolean; at: OperatorSyntax['at'] } | null => {
    const use = condition.operators.find(({ operator }) => names.includes(operator));
    const value = use !== undefined && isScalar(use.operand.value) ? definition.type.normalize(use.operand.value) : null;
    return use === undefined || typeof value !== 'number' ? null : { bound: value, strict: use.operator.length === 2, at: use.at };
  };
  const lower = boundOf(['gt', 'gte']);
  const upper = boundOf(['lt', 'lte']);
  if (lower === null || upper === null) return [];
  const empty = lower.bound > upper.bound || (lower.bound === upper.bound && (lower.strict || upper.strict));
  return empty ? [reversed(condition.fact, lower.at, upper.at)] : [];
};

const reversed = (fact: string, lower: OperatorSyntax['at'], upper: OperatorSyntax['at']): Diagnostic =>
  diagnose('RLY2009', upper, {
    message: `No value of ${fact} lies between these bounds`,
    help: 'Swap them; to match values outside a range, such as night hours, write any: [{ … gte }, { … lt }].',
    related: [{ at: lower, message: 'the lower bound' }],
  });
