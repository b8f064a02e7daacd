import type { Site } from '../loading/load.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { CoverageWatch, watchedSite } from './coverage-watch.ts';
import type { TestReport } from './result.ts';
import { coverable } from './rule-parts.ts';
import { runTests } from './run-tests.ts';
import { type Sweep, sweep } from './sweep.ts';
import { type Witnesses, witnessesFor } from './witness/find.ts';

export interface TestOptions {
  readonly filter?: string | undefined;
  readonly coverage: boolean;
  /** Sessions for what no test has seen. */
  readonly witnesses: boolean;
  /** Pairs of unknowns too, and all of them. */
  readonly unknown: boolean;
}

/** What `relayctl test` found out about a site. */
export interface TestedSite {
  readonly report: TestReport;
  readonly sweep: Sweep;
  /** `null`: nobody asked for it. */
  readonly coverage: Coverage | null;
  /** `null`: nobody asked for them. */
  readonly witnesses: Witnesses | null;
}

/** Sessions with something unknown that every run of the tests has, and that `--unknown` has; a matter of a second, and of a minute. */
const QUICK = 200;
const THOROUGH = 10_000;

const covered = async (site: Site, { filter, unknown, witnesses }: TestOptions): Promise<TestedSite> => {
  const [tests, swept] = [new CoverageWatch(), new CoverageWatch()];
  const report = await runTests(watchedSite(site, tests), filter);
  const found = await sweep(watchedSite(site, swept), report, { pairs: unknown, most: THOROUGH, filter });
  const coverage = coverageOf(site.files.flatMap(coverable), report, { tests, sweep: swept });
  return { report, sweep: found, coverage, witnesses: witnesses ? await witnessesFor(site, coverage, report) : null };
};

/** Runs the tests of a site, then again with what they asked for unknown. */
export const testSite = async (site: Site, options: TestOptions): Promise<TestedSite> => {
  if (options.coverage || options.witnesses) return covered(site, options);
  const { filter, unknown } = options;
  const report = await runTests(site, filter);
  const found = await sweep(site, report, { pairs: unknown, most: unknown ? THOROUGH : QUICK, filter });
  return { report, sweep: found, coverage: null, witnesses: null };
};
