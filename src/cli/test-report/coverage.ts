import type { Truth } from '../../policy/truth.ts';
import { truthName } from '../../policy/truth.ts';
import type { Coverage, CoveredPart, CoveredRule } from '../../site/testing/coverage.ts';

/** Something that no test has seen. */
export interface Uncovered {
  readonly rule: string;
  /** Part of its condition, as written; `null`: the rule as a whole. */
  readonly part: string | null;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How it came out in no test. */
  readonly never: readonly ('true' | 'false' | 'unknown')[];
}

const uncoveredOf = (rule: string, one: CoveredRule | CoveredPart): readonly Uncovered[] => {
  if (one.missing.length === 0) return [];
  const { file, line, column } = one.at;
  return [{ rule, part: 'text' in one ? one.text : null, file, line, column, never: one.missing.map(truthName) }];
};

const isUntouched = ({ tally }: CoveredRule): boolean => tally.true + tally.false + tally.unknown === 0;

/** All that no test has seen, in the order written. Of a rule that no test has reached, the rule alone. */
export const uncovered = ({ rules }: Coverage): readonly Uncovered[] =>
  rules.flatMap((rule) => [
    ...uncoveredOf(rule.name, rule),
    ...(isUntouched(rule) ? [] : rule.parts.flatMap((part) => uncoveredOf(rule.name, part))),
  ]);

const OF_RULE = { true: 'never held', false: 'never failed to hold', unknown: 'never unknown' } as const;

const said = ({ part, never }: Uncovered): string =>
  part === null ? never.map((truth) => OF_RULE[truth]).join(', ') : `${part} was never ${never.join(' or ')}`;

export const uncoveredLine = (one: Uncovered): string => `${one.rule}: ${said(one)}  ${one.file}:${one.line}:${one.column}`;

const summed = (rules: readonly CoveredRule[], count: (one: CoveredRule | CoveredPart) => readonly Truth[]): number =>
  rules.flatMap((rule) => [rule, ...rule.parts]).reduce((sum, one) => sum + count(one).length, 0);

/** One line. */
export const coverageSummary = ({ percent, rules }: Coverage): string => {
  const possible = summed(rules, ({ truths }) => truths);
  const missing = summed(rules, ({ missing: none }) => none);
  return `coverage ${percent} %: ${possible - missing} of ${possible} outcomes of rules and their conditions occurred in a test`;
};
