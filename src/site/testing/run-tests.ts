import type { TestSyntax } from '../../policy/syntax.ts';
import type { Site } from '../loading/load.ts';
import type { TestReport, TestResult } from './result.ts';
import { type InFile, runTest } from './run-test.ts';

/** A test and where it belongs. */
export type PlacedTest = InFile & { readonly test: TestSyntax };

/** The tests of a site whose name or file contains `filter`, in the order written. */
export const testsOf = (site: Site, filter = ''): readonly PlacedTest[] =>
  site.files.flatMap((file) =>
    file.tests
      .filter(({ name, at }) => name.includes(filter) || file.path.includes(filter) || at.file.includes(filter))
      .map((test) => ({ test, file, site })),
  );

/** Runs the tests that stand beside the rules of a site, those whose name or file contains `filter`, in the order written. */
export const runTests = async (site: Site, filter = ''): Promise<TestReport> => {
  const results: TestResult[] = [];
  for (const { test, file } of testsOf(site, filter)) results.push(await runTest(test, { file, site }));
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  return { results, passed: results.length - failed, failed };
};
