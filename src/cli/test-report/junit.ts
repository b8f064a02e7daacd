import type { TestResult } from '../../site/testing/result.ts';
import type { SweepFinding } from '../../site/testing/sweep.ts';
import { type JunitCase, junitSuite } from '../junit/junit.ts';
import type { Reported } from './reported.ts';
import { sweepLines } from './sweep.ts';
import { traceLines } from './trace.ts';

const testCase = ({ file, name, at, failures, milliseconds, trace }: TestResult): JunitCase => {
  const [first] = failures;
  const passed = { classname: file, name, file, line: at.line, milliseconds };
  if (first === undefined) return passed;
  return { ...passed, failure: { type: 'expectation', message: first, details: [...failures, ...traceLines(trace)].join('\n') } };
};

const sweptCase = (finding: SweepFinding): JunitCase => {
  const { file, name, at } = finding.test;
  const [message = '', ...details] = sweepLines(finding);
  const swept = { classname: file, name: `${name}: ${finding.unknown.join(' and ')} unknown`, file, line: at.line, milliseconds: 0 };
  return { ...swept, failure: { type: 'unknown', message, details: details.join('\n') } };
};

/** The tests of a site as JUnit XML, a test case each, and one for each session that something unknown turned wrong. */
export const junitReport = ({ report, findings }: Reported): string =>
  junitSuite('relayctl test', [...report.results.map(testCase), ...findings.map(sweptCase)]);
