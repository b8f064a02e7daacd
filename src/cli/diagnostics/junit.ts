import type { Diagnostic } from '../../policy/diagnostic.ts';
import { escapeXml } from '../xml.ts';

/** The JUnit form that CI systems read: a test case for each finding; one that passes where there is nothing to say. */
export const junitDiagnostics = (diagnostics: readonly Diagnostic[]): string => {
  const failures = diagnostics.filter(({ severity }) => severity !== 'info').length;
  const cases = diagnostics.length === 0 ? ['    <testcase classname="relayctl lint" name="no findings"/>'] : diagnostics.map(testCase);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${cases.length}" failures="${failures}">`,
    `  <testsuite name="relayctl lint" tests="${cases.length}" failures="${failures}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
};

const testCase = ({ code, severity, message, help, at }: Diagnostic): string => {
  const place = `${at.file}:${at.line}:${at.column}`;
  const head = `    <testcase classname="${escapeXml(at.file)}" name="${escapeXml(`${code} ${place}`)}" file="${escapeXml(at.file)}" line="${at.line}"`;
  if (severity === 'info') return `${head}/>`;
  const failure = `<failure type="${severity}" message="${escapeXml(message)}">${escapeXml(`${place}\n${help}`)}</failure>`;
  return `${head}>\n      ${failure}\n    </testcase>`;
};
