import type { Coverage } from '../../site/testing/coverage.ts';
import type { TestReport } from '../../site/testing/result.ts';
import type { Sweep, SweepFinding } from '../../site/testing/sweep.ts';
import type { Witnesses } from '../../site/testing/witness/find.ts';

/** What a run of the tests has to say. */
export interface Reported {
  readonly report: TestReport;
  readonly sweep: Sweep;
  /** Those that make the run fail: rules that let mail pass when unknown only where that was asked for. */
  readonly findings: readonly SweepFinding[];
  readonly coverage: Coverage | null;
  readonly witnesses: Witnesses | null;
  /** The sweep of unknowns was asked for. */
  readonly thorough: boolean;
}
