import type { TestReport, TestResult } from '../../site/testing/result.ts';
import { escapeXml } from '../xml.ts';
import { traceLines } from './trace.ts';

const testCase = ({ file, name, at, failures, milliseconds, trace }: TestResult): string => {
  const head = `    <testcase classname="${escapeXml(file)}" name="${escapeXml(name)}" file="${escapeXml(file)}" line="${at.line}" time="${(milliseconds / 1000).toFixed(3)}"`;
  if (failures.length === 0) return `${head}/>`;
  const [first = ''] = failures;
  return `${head}>\n      <failure message="${escapeXml(first)}">${escapeXml([...failures, ...traceLines(trace)].join('\n'))}</failure>\n    </testcase>`;
};

/** The JUnit form that CI systems read: one suite, a test case each. */
export const junitReport = ({ results, failed }: TestReport): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${results.length}" failures="${failed}">`,
    `  <testsuite name="relayctl test" tests="${results.length}" failures="${failed}">`,
    ...results.map(testCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
