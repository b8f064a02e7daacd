import type { Diagnostic } from '../../policy/diagnostic.ts';
import { type JunitCase, junitSuite } from '../junit/junit.ts';

const NO_FINDINGS: JunitCase = { classname: 'relayctl lint', name: 'no findings', milliseconds: 0 };

const testCase = ({ code, severity, message, help, at }: Diagnostic): JunitCase => {
  const place = `${at.file}:${at.line}:${at.column}`;
  const passed = { classname: at.file, name: `${code} ${place}`, file: at.file, line: at.line, milliseconds: 0 };
  return severity === 'info' ? passed : { ...passed, failure: { type: severity, message, details: `${place}\n${help}` } };
};

/** Diagnostics as JUnit XML: a test case for each finding; one that passes where there is none. */
export const junitDiagnostics = (diagnostics: readonly Diagnostic[]): string =>
  junitSuite('relayctl lint', diagnostics.length === 0 ? [NO_FINDINGS] : diagnostics.map(testCase));
