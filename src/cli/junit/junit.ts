import { escapeXml } from './xml.ts';

/** One test case as JUnit has it. */
export interface JunitCase {
  readonly classname: string;
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
  /** How long it took. */
  readonly milliseconds: number;
  /** Left out where the case passes. */
  readonly failure?: { readonly type: string; readonly message: string; readonly details: string };
}

const attributes = (values: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(values)
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${escapeXml(String(value))}"`]))
    .join('');

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);

const testCase = ({ milliseconds, failure, ...named }: JunitCase): string => {
  const head = `    <testcase${attributes({ ...named, time: seconds(milliseconds) })}`;
  if (failure === undefined) return `${head}/>`;
  const { type, message, details } = failure;
  return `${head}>\n      <failure${attributes({ type, message })}>${escapeXml(details)}</failure>\n    </testcase>`;
};

/** The JUnit XML that CI systems read: one suite. Nothing is skipped, and what cannot run at all prints no report, so errors are none. */
export const junitSuite = (name: string, cases: readonly JunitCase[]): string => {
  const totals = attributes({
    tests: cases.length,
    failures: cases.filter(({ failure }) => failure !== undefined).length,
    errors: 0,
    skipped: 0,
    time: seconds(cases.reduce((sum, { milliseconds }) => sum + milliseconds, 0)),
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${totals}>`,
    `  <testsuite${attributes({ name })}${totals}>`,
    ...cases.map(testCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
};
