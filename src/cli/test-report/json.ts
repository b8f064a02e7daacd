import type { TestReport } from '../../site/testing/result.ts';

export const jsonReport = ({ results, passed, failed }: TestReport): string => {
  const tests = results.map(({ file, name, at, failures }) => ({
    name,
    file,
    line: at.line,
    column: at.column,
    holds: failures.length === 0,
    failures,
  }));
  return `${JSON.stringify({ tests, summary: { passed, failed } }, null, 2)}\n`;
};
