import type { TestReport, TestResult } from '../../site/testing/result.ts';
import { painter } from '../style.ts';

/** Failures with their places, then the count. */
export const prettyReport = ({ results, passed, failed }: TestReport, color: boolean): string => {
  const paint = painter(color);
  const failure = ({ name, at, failures }: TestResult): readonly string[] => [
    `${paint('red', 'not so')}  ${name}  ${paint('gray', `${at.file}:${at.line}:${at.column}`)}`,
    ...failures.map((reason) => `        ${reason}`),
  ];
  const lines = results.filter(({ failures }) => failures.length > 0).flatMap(failure);
  const count = failed > 0 ? paint('red', `${failed} failed`) : paint('green', 'none failed');
  return [...lines, `${passed} of ${passed + failed} tests hold, ${count}`, ''].join('\n');
};
