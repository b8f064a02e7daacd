import type { AppliedEffect, RuleTrace } from '../../policy/decision.ts';
import { normalAddress } from '../../policy/mailbox.ts';
import type { PolicyFile } from '../../policy/syntax.ts';
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

/** Effects whose addresses need a grant of their own, unless they are written out. */
const PRODUCING: ReadonlySet<string> = new Set(['rewrite_recipient', 'add_recipient', 'redirect_to']);

const addressesOf = (effect: AppliedEffect): readonly string[] => {
  if (!PRODUCING.has(effect.effect)) return [];
  return 'addresses' in effect ? effect.addresses : 'address' in effect ? [effect.address] : [];
};

const grantsAsked = (step: SimulatedHook, asked: SimulatedHook['regrants']): readonly FailureTrace[] =>
  asked.flatMap(({ address, decision: { trace } }) =>
    trace.filter(({ kind }) => kind === 'grant').map(traced('decided', { ...step, recipient: address })),
  );

/** An address that a rule produced has no grant: that rule, and how the grants fared for its address; `null`: something else decided. */
const producedTrace = (step: SimulatedHook): readonly FailureTrace[] | null => {
  const { decision, outcome, regrants } = step;
  const isVerdict = decision.verdict !== 'none' && decision.verdict !== 'accept';
  const lacking = regrants.filter(({ decision: { grant } }) => grant === undefined);
  if (outcome.kind !== 'refuse' || isVerdict || lacking.length === 0) return null;
  const refused = new Set(lacking.map(({ address }) => normalAddress(address)));
  const rules = new Set(
    decision.effects.filter((effect) => addressesOf(effect).some((one) => refused.has(normalAddress(one)))).map(({ by }) => by),
  );
  return [...decision.trace.filter(({ id }) => rules.has(id)).map(traced('decided', step)), ...grantsAsked(step, lacking)];
};

/** Grants that a regrant asked count: their lack has refused an address that a rule produced. */
const tracesOf = ({ decision, regrants }: SimulatedHook): readonly RuleTrace[] => [
  ...decision.trace,
  ...regrants.flatMap(({ decision: { trace } }) => trace.filter(({ kind }) => kind === 'grant')),
];

export const deciderTrace = (step: SimulatedHook | null): readonly FailureTrace[] => {
  if (!step) return NO_ONE;
  return (
    producedTrace(step) ??
    tracesOf(step)
      .filter((trace) => isDecider(step, trace))
      .map(traced('decided', step))
  );
};

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
  const best = asked.find(({ trace }) => trace.result !== 'not reached' && trace.result !== 'skipped') ?? asked[0];
  if (!best) {
    const why = [rule ? `${rule.on} was not reached` : 'the hook that asks it was not reached'];
    return [{ about: 'expected', hook: null, recipient: null, rule: name, kind: rule ? 'rule' : 'grant', result: 'not reached', why }];
  }
  return [traced('expected', best.step)(best.trace)];
};
