import { isDeepStrictEqual } from 'node:util';
import type { RelayConfig } from '../config/config.ts';
import { loadSite, type Site } from '../load.ts';
import { runTests } from '../testing/run-tests.ts';
import { diagnosticsReason, testsReason } from './refusal.ts';
import { makeReady, type Running } from './running.ts';

/** What takes over after a reload, or why nothing does. */
export type Successor = { readonly running: Running; readonly site: Site } | { readonly running: null; readonly reason: string };

/**
 * Reads the site anew beside the running one: configuration, policies, lists, and every file they name; checks, compiles,
 * and runs the tests that stand beside the rules. Nothing that runs is touched. Never rejects.
 */
export const findSuccessor = async (configPath: string, present: Running, now: number): Promise<Successor> => {
  try {
    const { site, diagnostics } = loadSite(configPath, present.policy);
    if (!site) return { running: null, reason: diagnosticsReason(diagnostics) };
    const report = await runTests(site);
    if (report.failed > 0) return { running: null, reason: testsReason(report) };
    return { running: makeReady(site, now, { present }), site };
  } catch (error) {
    return { running: null, reason: error instanceof Error ? error.message : String(error) };
  }
};

/** Their values are those of the start, however often the site is read again. */
const AT_START = ['listeners', 'hostname', 'queue', 'admin', 'workers', 'log'] as const satisfies readonly (keyof RelayConfig)[];

/** Keys whose new values wait for a restart. */
export const restartNeeded = (before: RelayConfig, after: RelayConfig): readonly string[] => {
  const keys = AT_START.filter((key) => !isDeepStrictEqual(before[key], after[key]));
  return (before.auth === null) === (after.auth === null) ? keys : [...keys, 'auth'];
};

/** `present` as a process has to take it that joins a relay begun with `first`: what waits for a restart waits for it too. */
export const asBegun = (first: RelayConfig, present: RelayConfig): RelayConfig => ({
  ...present,
  ...Object.fromEntries(AT_START.map((key) => [key, first[key]])),
  auth: first.auth === null ? null : (present.auth ?? first.auth),
});
