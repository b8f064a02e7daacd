import { loadSite } from '../loading/load.ts';
import { runTests } from '../testing/run-tests.ts';
import type { LoadAnswer, LoadOrder } from './messages.ts';
import { diagnosticsReason, testsReason } from './rejection.ts';
import { snapshotOf } from './snapshot.ts';

/**
 * Reads the site: configuration, policies, lists, and every file they name; checks, compiles, and runs the tests that
 * stand beside the rules. Takes as long as it takes: not for a process that serves mail. Never rejects.
 */
export const prepareSnapshot = async ({ configPath, sizes }: Omit<LoadOrder, 'say'>): Promise<LoadAnswer> => {
  try {
    const running = new Map([...sizes].map(([name, size]) => [name, { size }]));
    const { site, diagnostics } = loadSite(configPath, { lists: running });
    if (!site) return { snapshot: null, reason: diagnosticsReason(diagnostics) };
    const report = await runTests(site);
    if (report.failed > 0) return { snapshot: null, reason: testsReason(report) };
    return { snapshot: snapshotOf(site) };
  } catch (error) {
    return { snapshot: null, reason: error instanceof Error ? error.message : String(error) };
  }
};
