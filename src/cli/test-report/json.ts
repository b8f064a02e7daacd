import type { Coverage } from '../../site/testing/coverage.ts';
import type { TestReport } from '../../site/testing/result.ts';

/** Tests and summary, and the coverage if it was asked for. */
export const jsonReport = ({ results, passed, failed }: TestReport, coverage: Coverage | null): string => {
  const tests = results.map(({ file, name, at, failures, trace }) => ({
    name,
    file,
    line: at.line,
    column: at.column,
    holds: failures.length === 0,
    failures,
    trace,
  }));
  return `${JSON.stringify({ tests, summary: { passed, failed }, ...(coverage ? { coverage } : {}) }, null, 2)}\n`;
};
