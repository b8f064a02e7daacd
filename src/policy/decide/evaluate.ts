import type { Policy } from '../compile/policy.ts';
import type { Decision, Evaluation, Route, Verdict } from '../decision.ts';
import { keptName } from '../facts/find.ts';
import type { Hook } from '../hook.ts';
import { type FactSource, type FactValue, Unknown } from '../value.ts';
import { faultDecision } from './fault.ts';
import { GRANT_UNKNOWN, RELAY_DENIED } from './replies.ts';
import { Run } from './run.ts';

export interface EvaluationOptions {
  /** Say of every rule how it fared and why. */
  readonly trace?: boolean;
  /** At `rcpt`: leave the rules alone, and say only what the grants say. */
  readonly grantsOnly?: boolean;
}

const NO_NEEDS: Evaluation['needs'] = [];

/**
 * The only evaluator: `serve`, `explain`, `test` and `site.decide` all call it. Pure: equal facts under an
 * equal policy give an equal evaluation. Where `needs` is not empty the decision does not stand yet: find
 * out what is needed, or state that it is unknown, and evaluate again.
 */
export const evaluate = (policy: Policy, hook: Hook, facts: FactSource, options: EvaluationOptions = {}): Evaluation => {
  const plan = policy.plan(hook);
  if (plan.empty) return { decision: { verdict: 'none', hook, effects: [], shadowed: [], trace: [] }, needs: NO_NEEDS };
  const run = new Run(facts, options.trace === true);
  if (hook === 'rcpt') run.grants(plan);
  if (options.grantsOnly !== true) run.rules(plan);
  const route = plan.routes.length > 0 && run.outcome.verdict.verdict === 'none' ? run.route(plan) : null;
  const { needs } = run;
  if (needs.length === 0) policy.watch?.decided(run.view);
  return { decision: decisionOf(hook, run, route), needs };
};

/** `Object.assign`, not spread: on Node 20 a literal with spreads costs more than evaluating the hook. */
const decisionOf = (hook: Hook, run: Run, route: Route | null): Decision => {
  const { verdict, effects } = run.outcome;
  const { grant, shadowed, trace } = run;
  const rest = { hook, effects, shadowed, trace };
  if (grant !== null) Object.assign(rest, { grant });
  if (route !== null) Object.assign(rest, { route });
  const final = hook === 'rcpt' ? withGrants(verdict, run) : verdict;
  const changes = run.changes(final);
  if (changes !== null) Object.assign(rest, { changes });
  return Object.assign(rest, final);
};

/** One hook over the facts given, as the library offers it: what is not given and would be looked up is unknown. A fault of ours comes out as `internal`, 451. */
export const decide = (
  policy: Policy,
  hook: Hook,
  given: Readonly<Record<string, FactValue>>,
  options: EvaluationOptions = {},
): Decision => {
  const own = new Map<string, FactValue>([['policy.version', policy.version]]);
  for (const [fact, value] of Object.entries(given)) own.set(keptName(fact), value);
  try {
    return evaluateUnaided(policy, hook, own, options);
  } catch {
    return faultDecision(hook);
  }
};

const NOT_GIVEN = new Unknown('not given');

/** Evaluates until nothing more is needed; nothing is looked up. */
const evaluateUnaided = (policy: Policy, hook: Hook, own: Map<string, FactValue>, options: EvaluationOptions): Decision => {
  for (;;) {
    const { decision, needs } = evaluate(policy, hook, { get: (fact) => own.get(fact) }, options);
    if (needs.length === 0) return decision;
    for (const { name } of needs) own.set(name, NOT_GIVEN);
  }
};

/** Only a grant lets mail through: `accept` ends the hook but grants nothing. */
const withGrants = (verdict: Verdict, run: Run): Verdict => {
  if (verdict.verdict !== 'none' && verdict.verdict !== 'accept') return verdict;
  if (run.grant !== null) return verdict.verdict === 'accept' ? verdict : { verdict: 'accept', by: run.grant };
  return run.grantUnknown ? GRANT_UNKNOWN : RELAY_DENIED;
};
