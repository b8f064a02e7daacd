import type { Coverage } from '../../site/testing/coverage.ts';
import type { TestReport, TestResult } from '../../site/testing/result.ts';
import { painter } from '../terminal/style.ts';
import { traceLines } from './trace.ts';

const covered = ({ percent, missing }: Coverage): readonly string[] => [
  `${percent} % of grants, rules and routes matched in a test`,
  ...missing.map((name) => `        never matched: ${name}`),
];

/** Failures with their places, then the count, then the coverage if it was asked for. */
export const prettyReport = ({ results, passed, failed }: TestReport, coverage: Coverage | null, color: boolean): string => {
  const paint = painter(color);
  const failure = ({ name, at, failures, trace }: TestResult): readonly string[] => [
    `${paint('red', 'FAILED')}  ${name}  ${paint('gray', `${at.file}:${at.line}:${at.column}`)}`,
    ...failures.map((reason) => `        ${reason}`),
    ...traceLines(trace).map((line) => paint('gray', `        ${line}`)),
  ];
  const lines = results.filter(({ failures }) => failures.length > 0).flatMap(failure);
  const count = failed > 0 ? paint('red', `${failed} failed`) : paint('green', '0 failed');
  return [...lines, `${passed} of ${passed + failed} tests passed, ${count}`, ...(coverage ? covered(coverage) : []), ''].join('\n');
};
