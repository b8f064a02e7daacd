import type { Site } from '../loading/load.ts';
import type { TestReport, TestResult } from './result.ts';
import { runTest } from './run-test.ts';

/** Runs the tests that stand beside the rules of a site, those whose name or file contains `filter`, in the order written. */
export const runTests = async (site: Site, filter = ''): Promise<TestReport> => {
  const results: TestResult[] = [];
  for (const file of site.files)
    for (const test of file.tests)
      if (test.name.includes(filter) || file.path.includes(filter)) results.push(await runTest(test, file, site));
  const failed = results.filter(({ failures }) => failures.length > 0).length;
  return { results, passed: results.length - failed, failed };
};
