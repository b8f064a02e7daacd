import { uncovered } from './coverage.ts';
import type { Reported } from './reported.ts';

/** Tests and summary, what sessions with something unknown came to, and the coverage if it was asked for. */
export const jsonReport = ({ report, sweep, findings, coverage, witnesses }: Reported): string => {
  const tests = report.results.map(({ file, name, at, failures, trace }) => ({
    name,
    file,
    line: at.line,
    column: at.column,
    holds: failures.length === 0,
    failures,
    trace,
  }));
  const unknown = {
    sessions: sweep.runs,
    left: sweep.left,
    findings: findings.map(({ fault, test, unknown: names, known, swept }) => {
      const { name, file, at } = test;
      return { fault, test: name, file, line: at.line, column: at.column, unknown: names, answered: known, swept };
    }),
  };
  const { passed, failed } = report;
  const covered = coverage ? { percent: coverage.percent, missing: coverage.missing, uncovered: uncovered(coverage) } : null;
  return `${JSON.stringify({ tests, summary: { passed, failed }, unknown, ...(covered ? { coverage: covered } : {}), ...(witnesses ? { written: witnesses.found, notFound: witnesses.notFound } : {}) }, null, 2)}\n`;
};
