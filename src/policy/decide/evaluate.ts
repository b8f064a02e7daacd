import type { Plan } from '../compile/plan.ts';
import type { Policy } from '../compile/policy.ts';
import type { Decision, Evaluation, Route, Verdict } from '../decision.ts';
import type { Hook } from '../hook.ts';
import type { FactSource, FactValue } from '../value.ts';
import { faultDecision } from './fault.ts';
import { Given } from './given.ts';
import { GRANT_UNKNOWN, RELAY_DENIED } from './replies.ts';
import { Run } from './run.ts';

export interface EvaluationOptions {
  /** Say of every rule how it fared and why. */
  readonly trace?: boolean;
  /** At `rcpt`: leave the rules alone, and say only what the grants say. */
  readonly grantsOnly?: boolean;
}

/**
 * The only evaluator: `serve`, `explain`, `test` and `site.decide` all call it. Pure: equal facts under an
 * equal policy give an equal evaluation. Where `needs` is not empty the decision does not stand yet: find
 * out what is needed, or state that it is unknown, and evaluate again.
 */
export const evaluate = (policy: Policy, hook: Hook, facts: FactSource, options: EvaluationOptions = {}): Evaluation => {
  const plan = policy.plan(hook);
  if (plan.empty) return plan.nothing;
  const run = options.trace === true || policy.watch !== undefined ? Run.alone(facts, options.trace === true) : Run.begin(facts);
  try {
    if (hook === 'rcpt') run.grants(plan);
    if (options.grantsOnly !== true) run.rules(plan);
    const route = plan.routes.length > 0 && run.verdict.verdict === 'none' ? run.route(plan) : null;
    if (run.needs.length === 0) policy.watch?.decided(run.view);
    return evaluationOf(plan, run, route);
  } finally {
    run.end();
  }
};

const evaluationOf = (plan: Plan, run: Run, route: Route | null): Evaluation => {
  const { verdict, effects, trace, shadowed } = run;
  const final = plan.hook === 'rcpt' ? withGrants(verdict, run) : verdict;
  const changes = run.changes(final);
  const { needs } = run;
  const happened = effects.length + trace.length + shadowed.length + needs.length > 0 || route !== null || changes !== null;
  if (final.verdict === 'none' && !happened) return plan.nothing;
  return { decision: decisionOf(final, { hook: plan.hook, effects, shadowed, trace }, { grant: run.grant, route, changes }), needs };
};

type Always = Pick<Decision, 'hook' | 'effects' | 'shadowed' | 'trace'>;

interface Sometimes {
  readonly grant: string | null;
  readonly route: Route | null;
  readonly changes: Decision['changes'] | null;
}

/** `Object.assign`, not spread: on Node 20 a literal with spreads costs more than evaluating the hook. */
const decisionOf = (final: Verdict, always: Always, { grant, route, changes }: Sometimes): Decision => {
  if (final.verdict === 'accept' && grant !== null && !route && !changes) {
    const { hook, effects, shadowed, trace } = always;
    return { hook, effects, shadowed, trace, grant, verdict: final.verdict, by: final.by };
  }
  if (grant !== null) Object.assign(always, { grant });
  if (route) Object.assign(always, { route });
  if (changes) Object.assign(always, { changes });
  return Object.assign(always, final);
};

/** One hook over the facts given, as the library offers it: what is not given and would be looked up is unknown. A fault of ours comes out as `internal`, 451. */
export const decide = (
  policy: Policy,
  hook: Hook,
  given: Readonly<Record<string, FactValue>>,
  options: EvaluationOptions = {},
): Decision => {
  const facts = new Given(given, policy.version);
  try {
    for (;;) {
      const { decision, needs } = evaluate(policy, hook, facts, options);
      if (needs.length === 0) return decision;
      facts.lacks(needs);
    }
  } catch {
    return faultDecision(hook);
  }
};

/** Only a grant lets mail through: `accept` ends the hook but grants nothing. */
const withGrants = (verdict: Verdict, run: Run): Verdict => {
  if (verdict.verdict !== 'none' && verdict.verdict !== 'accept') return verdict;
  if (run.grant !== null) return verdict.verdict === 'accept' ? verdict : { verdict: 'accept', by: run.grant };
  return run.grantUnknown ? GRANT_UNKNOWN : RELAY_DENIED;
};
