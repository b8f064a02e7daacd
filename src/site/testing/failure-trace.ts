import type { RuleTrace } from '../../policy/decision.ts';
import type { PolicyFile, RuleSyntax } from '../../policy/syntax.ts';
import type { SimulatedHook, Simulation } from '../simulation/simulation.ts';
import type { FailureTrace } from './result.ts';

/*
 * Why a test failed: how the rule fared that decided (the grants, where their lack did), and how the rule that
 * was expected to.
 */

const NO_ONE: readonly FailureTrace[] = [];

const traced =
  (about: FailureTrace['about'], { hook, recipient }: SimulatedHook) =>
  ({ id: rule, kind, result, why }: RuleTrace): FailureTrace => ({ about, hook, recipient, rule, kind, result, why });

const isDecider = ({ decision }: SimulatedHook, { id, kind, result }: RuleTrace): boolean => {
  if (decision.verdict !== 'none' && decision.by === 'grants') return kind === 'grant';
  if (decision.verdict !== 'none') return decision.by === id;
  return result === 'true' && (id === decision.grant || id === decision.route?.id);
};

/** Grants that a regrant asked count: their lack has refused an address that a rule produced. */
const tracesOf = ({ decision, regrants }: SimulatedHook): readonly RuleTrace[] => [
  ...decision.trace,
  ...regrants.flatMap(({ decision: { trace } }) => trace.filter(({ kind }) => kind === 'grant')),
];

export const deciderTrace = (step: SimulatedHook | null): readonly FailureTrace[] =>
  step
    ? tracesOf(step)
        .filter((trace) => isDecider(step, trace))
        .map(traced('decided', step))
    : NO_ONE;

/** Why a rule was not asked although its hook ran. */
const whyNotAsked = ({ decision }: SimulatedHook, rule: RuleSyntax | undefined): string =>
  decision.verdict === 'none' || decision.by === rule?.name
    ? `its group ${rule?.group ?? ''} is skipped`
    : `${decision.by} had decided before`;

export interface ExpectedRule {
  readonly files: readonly PolicyFile[];
  /** The policy of the test. */
  readonly stem: string;
  /** As the test names it. */
  readonly by: string;
}

export const expectedTrace = ({ steps }: Simulation, { files, stem, by }: ExpectedRule): readonly FailureTrace[] => {
  const rules = files.flatMap((file) => file.rules);
  const named = files.flatMap((file) => [...file.grants, ...file.rules, ...file.routes]).map(({ name }) => name);
  const name = named.find((one) => one === by || one === `${stem}/${by}`);
  if (name === undefined) return NO_ONE;
  const rule = rules.find((one) => one.name === name);
  const asked = steps.flatMap((step) => tracesOf(step).flatMap((trace) => (trace.id === name ? [{ step, trace }] : [])));
  const best = asked.find(({ trace }) => trace.result !== 'not reached') ?? asked[0];
  if (!best) {
    const why = [rule ? `${rule.on} was not reached` : 'the hook that asks it was not reached'];
    return [{ about: 'expected', hook: null, recipient: null, rule: name, kind: rule ? 'rule' : 'grant', result: 'not reached', why }];
  }
  const found = traced('expected', best.step)(best.trace);
  return [found.result === 'not reached' ? { ...found, why: [whyNotAsked(best.step, rule)] } : found];
};
