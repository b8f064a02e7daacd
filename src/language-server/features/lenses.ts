import type { CodeLens } from 'vscode-languageserver/node';
import type { TestResult } from '../../site/testing/result.ts';
import type { SiteNames } from '../names/site-names.ts';
import { rangeOf } from '../positions.ts';

/** The command that a lens runs: the address of a file and the name of a test in it, or `null` for all of them. */
export const RUN_TESTS = 'relayctl.runTests';

/** “run test” at each test of a file, and “run all tests” at the first. */
export const lensesOf = ({ tests }: SiteNames, file: string, uri: string): readonly CodeLens[] => {
  const own = tests.filter(({ at }) => at.file === file);
  const lens = (title: string, at: (typeof own)[number]['at'], name: string | null): CodeLens => {
    const { start } = rangeOf(at);
    return { range: { start, end: start }, command: { title, command: RUN_TESTS, arguments: [uri, name] } };
  };
  const [first] = own;
  return [
    ...(first === undefined || own.length < 2 ? [] : [lens('run all tests', first.at, null)]),
    ...own.map(({ name, at }) => lens('run test', at, name)),
  ];
};

/** Failures that a message names. */
const MOST_FAILURES = 10;

/** What to tell of tests that have run. */
export const reportOf = (results: readonly TestResult[]): string => {
  const failed = results.filter(({ failures }) => failures.length > 0);
  const [only] = results;
  if (only === undefined) return 'There is no such test.';
  if (failed.length === 0) return results.length === 1 ? `Passed: ${only.name}` : `All ${results.length} tests passed.`;
  const told = failed.slice(0, MOST_FAILURES).map(({ name, failures }) => `Failed: ${name}: ${failures.join('; ')}`);
  return [`${failed.length} of ${results.length} failed.`, ...told].join('\n');
};
