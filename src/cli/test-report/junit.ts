import type { TestReport, TestResult } from '../../site/testing/result.ts';
import { type JunitCase, junitSuite } from '../junit/junit.ts';
import { traceLines } from './trace.ts';

const testCase = ({ file, name, at, failures, milliseconds, trace }: TestResult): JunitCase => {
  const [first] = failures;
  const passed = { classname: file, name, file, line: at.line, milliseconds };
  if (first === undefined) return passed;
  return { ...passed, failure: { type: 'expectation', message: first, details: [...failures, ...traceLines(trace)].join('\n') } };
};

/** The tests of a site as JUnit XML, a test case each. */
export const junitReport = ({ results }: TestReport): string => junitSuite('relayctl test', results.map(testCase));
