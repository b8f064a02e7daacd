import type { Span } from '../../policy/diagnostic.ts';

/** How one test of a policy fared. */
export interface TestResult {
  readonly file: string;
  readonly name: string;
  readonly at: Span;
  /** One sentence for each expectation that was not met; empty: the test holds. */
  readonly failures: readonly string[];
  readonly milliseconds: number;
  /** Full names of the grants, rules and routes that held. */
  readonly held: readonly string[];
}

export interface TestReport {
  readonly results: readonly TestResult[];
  readonly passed: number;
  readonly failed: number;
}
