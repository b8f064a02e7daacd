import type { Truth } from '../../policy/truth.ts';
import { truthName } from '../../policy/truth.ts';
import type { CoverageWatch, Tally } from './coverage-watch.ts';
import { NEVER } from './coverage-watch.ts';
import type { TestReport } from './result.ts';
import type { CoverablePart, CoverableRule } from './rule-parts.ts';

/** What tests have seen of one part of a condition. */
export interface CoveredPart extends CoverablePart {
  readonly tally: Tally;
  /** How it never came out. */
  readonly missing: readonly Truth[];
}

export interface CoveredRule extends CoverableRule {
  readonly tally: Tally;
  readonly missing: readonly Truth[];
  readonly parts: readonly CoveredPart[];
}

/** Which part of a site its tests have seen at work. */
export interface Coverage {
  /**
   * Share of what can come out that came out in some test, 0 to 100, rounded down: each grant, rule and route true and false,
   * each part of a condition true and false, and unknown where it asks a look-up or a count.
   */
  readonly percent: number;
  /** Full names of the grants, rules and routes that held in no test, in the order written. */
  readonly missing: readonly string[];
  readonly rules: readonly CoveredRule[];
}

const lacking = (truths: readonly Truth[], tally: Tally): readonly Truth[] => truths.filter((truth) => tally[truthName(truth)] === 0);

/** What the sweep of unknowns adds: look-ups that came out unknown there. */
const withUnknowns = (tally: Tally, swept: Tally): Tally => ({ ...tally, unknown: tally.unknown + swept.unknown });

const ruleTallies = ({ results }: TestReport): ReadonlyMap<string, Tally> => {
  const tallies = new Map<string, Record<keyof Tally, number>>();
  for (const { id, result } of results.flatMap(({ fared }) => fared)) {
    if (result === 'skipped' || result === 'not reached') continue;
    const tally = tallies.get(id) ?? { ...NEVER };
    tally[result] += 1;
    tallies.set(id, tally);
  }
  return tallies;
};

/** What was heard while the tests ran, and what while the sweep of unknowns did. */
export interface Heard {
  readonly tests: CoverageWatch;
  readonly sweep: CoverageWatch | null;
}

const coveredParts = (parts: readonly CoverablePart[], { tests, sweep }: Heard): readonly CoveredPart[] =>
  parts.map((one) => {
    const tally = withUnknowns(tests.tally(one.part), sweep?.tally(one.part) ?? NEVER);
    return { ...one, tally, missing: lacking(one.truths, tally) };
  });

/** What the tests that ran have seen of the rules. A site without rules is covered. */
export const coverageOf = (rules: readonly CoverableRule[], report: TestReport, heard: Heard): Coverage => {
  const tallies = ruleTallies(report);
  const covered = rules.map((rule): CoveredRule => {
    const tally = tallies.get(rule.name) ?? NEVER;
    return { ...rule, tally, missing: lacking(rule.truths, tally), parts: coveredParts(rule.parts, heard) };
  });
  const all = covered.flatMap((rule) => [rule, ...rule.parts]);
  const possible = all.reduce((sum, { truths }) => sum + truths.length, 0);
  const missing = all.reduce((sum, one) => sum + one.missing.length, 0);
  return {
    percent: possible === 0 ? 100 : Math.floor((100 * (possible - missing)) / possible),
    missing: covered.filter(({ tally }) => tally.true === 0).map(({ name }) => name),
    rules: covered,
  };
};
