import type { Coverage } from '../../site/testing/coverage.ts';
import type { TestReport, TestResult } from '../../site/testing/result.ts';
import type { SweepFinding } from '../../site/testing/sweep.ts';
import { type Paint, painter } from '../terminal/style.ts';
import { coverageSummary, uncovered, uncoveredLine } from './coverage.ts';
import type { Reported } from './reported.ts';
import { sweepLines, sweepSummary } from './sweep.ts';
import { traceLines } from './trace.ts';
import { witnessLines } from './witnesses.ts';

const covered = (coverage: Coverage): readonly string[] => [
  coverageSummary(coverage),
  ...uncovered(coverage).map((one) => `        ${uncoveredLine(one)}`),
];

const headingIn =
  (paint: Paint) =>
  ({ name, at }: TestResult): string =>
    `${paint('red', 'FAILED')}  ${name}  ${paint('gray', `${at.file}:${at.line}:${at.column}`)}`;

/** Failed tests with their places, then how many there are. */
export const testLines = ({ results, passed, failed }: TestReport, color: boolean): { failures: readonly string[]; count: string } => {
  const paint = painter(color);
  const heading = headingIn(paint);
  const failures = results
    .filter((result) => result.failures.length > 0)
    .flatMap((result) => [
      heading(result),
      ...result.failures.map((reason) => `        ${reason}`),
      ...traceLines(result.trace).map((line) => paint('gray', `        ${line}`)),
    ]);
  const count = failed > 0 ? paint('red', `${failed} failed`) : paint('green', '0 failed');
  return { failures, count: `${passed} of ${passed + failed} tests passed, ${count}` };
};

/** Failures with their places, then the counts, then the coverage if it was asked for. */
export const prettyReport = ({ report, sweep, findings, coverage, witnesses, thorough }: Reported, color: boolean): string => {
  const heading = headingIn(painter(color));
  const { failures, count } = testLines(report, color);
  const swept = (finding: SweepFinding): readonly string[] => [
    heading(finding.test),
    ...sweepLines(finding).map((line) => `        ${line}`),
  ];
  return [
    ...failures,
    ...findings.flatMap(swept),
    count,
    ...(thorough || findings.length > 0 ? [sweepSummary({ ...sweep, findings })] : []),
    ...(coverage ? covered(coverage) : []),
    ...(witnesses ? witnessLines(witnesses) : []),
    '',
  ].join('\n');
};
