import type { RuleTrace } from '../../policy/decision.ts';
import type { Span } from '../../policy/diagnostic.ts';
import type { Hook } from '../../policy/hook.ts';
import type { Fate } from './fates.ts';

/** How a rule fared that has to do with a failure. */
export interface FailureTrace {
  /** It decided, or the test expects that it does. */
  readonly about: 'decided' | 'expected';
  /** `null`: its hook never ran. */
  readonly hook: Hook | null;
  readonly recipient: string | null;
  /** Full name. */
  readonly rule: string;
  readonly kind: RuleTrace['kind'];
  readonly result: RuleTrace['result'];
  readonly why: readonly string[];
}

export type Fared = Pick<RuleTrace, 'id' | 'result'>;

/** How one test of a policy fared. */
export interface TestResult {
  readonly file: string;
  readonly name: string;
  readonly at: Span;
  /** One sentence for each expectation that was not met; empty: the test holds. */
  readonly failures: readonly string[];
  /** Of the rule that decided and of the one expected to; empty where the test holds. */
  readonly trace: readonly FailureTrace[];
  readonly milliseconds: number;
  /** How each grant, rule and route fared that was asked, as often as it was. */
  readonly fared: readonly Fared[];
  /** Look-ups and counts that had to be found out, and were not unknown. */
  readonly asked: readonly string[];
  readonly fates: readonly Fate[];
}

export interface TestReport {
  readonly results: readonly TestResult[];
  readonly passed: number;
  readonly failed: number;
}
