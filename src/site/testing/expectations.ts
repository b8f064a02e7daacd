import { SESSION_HOOKS } from '../../policy/hook.ts';
import type { PolicyFile, TestExpectation } from '../../policy/syntax.ts';
import { saidAt } from '../simulation/said.ts';
import type { SimulatedHook, Simulation } from '../simulation/simulation.ts';
import { deciderTrace, expectedTrace } from './failure-trace.ts';
import { differs, type Failures, NONE } from './failures.ts';
import { checkMore } from './more-checks.ts';
import type { FailureTrace } from './result.ts';

/** What a test expects, and the stem of its policy, to which a bare id belongs. */
export interface Expected {
  readonly expect: TestExpectation;
  readonly stem: string;
}

/**
 * The step a test speaks of: at the hook it names the one that refused, or the last; without a hook the
 * refusal of the session, or the last step before delivery.
 */
const subject = (simulation: Simulation, expect: TestExpectation): SimulatedHook | null => {
  if (expect.at === null) return simulation.refusal ?? simulation.steps.findLast(({ hook }) => SESSION_HOOKS.includes(hook)) ?? null;
  const there = simulation.steps.filter(({ hook }) => hook === expect.at);
  return there.find(({ outcome }) => outcome.kind !== 'go on') ?? there.at(-1) ?? null;
};

const described = (step: SimulatedHook): string => {
  const { verdict, by, reply } = saidAt(step);
  if (verdict === 'none') return `nothing was decided at ${step.hook}`;
  return `${step.hook} said ${verdict}${reply === null ? '' : ` ${reply.code} ${reply.enhanced} ${reply.text}`} by ${by}`;
};

/** `accept` also describes a session that nothing stopped: the relay's own answer is then 250. */
const verdictOf = (step: SimulatedHook, wanted: string | null): string => {
  const { verdict } = saidAt(step);
  return verdict === 'none' && wanted === 'accept' && step.hook === 'queue' ? 'accept' : verdict;
};

const nameMatches = (by: string, wanted: string, stem: string): boolean => by === wanted || by === `${stem}/${wanted}`;

/** The rule or grant decided, but at another hook than the test asks about. */
const decidedElsewhere = ({ steps }: Simulation, asked: SimulatedHook, { expect, stem }: Expected): Failures => {
  const found = steps.find((step) => step.hook !== asked.hook && nameMatches(saidAt(step).by, expect.by ?? '', stem));
  return found ? [`${saidAt(found).by} decided at ${found.hook}: to check that, write at: ${found.hook}`] : NONE;
};

const checkBy = (simulation: Simulation, step: SimulatedHook, expected: Expected): Failures => {
  const { expect, stem } = expected;
  const { by } = saidAt(step);
  if (expect.by === null || nameMatches(by, expect.by, stem)) return NONE;
  const found = by === '' ? `nobody at ${step.hook}` : by;
  return [...differs('by', expect.by, found), ...decidedElsewhere(simulation, step, expected)];
};

const checkDecision = (simulation: Simulation, step: SimulatedHook, expected: Expected): Failures => {
  const { expect } = expected;
  const { outcome } = step;
  const { reply } = saidAt(step);
  const said = outcome.kind === 'quarantine' ? outcome.reason : (reply?.text ?? '');
  const found = [
    ...differs('verdict', expect.verdict, verdictOf(step, expect.verdict)),
    ...differs('code', expect.code, reply?.code ?? 250),
    ...differs('enhanced', expect.enhanced, reply?.enhanced),
    ...differs('disconnect', expect.disconnect, outcome.kind === 'refuse' && outcome.disconnect),
    ...(expect.text === null || said.includes(expect.text)
      ? NONE
      : [`expected text with "${expect.text}", got ${said === '' ? 'none' : `"${said}"`}`]),
    ...checkBy(simulation, step, expected),
  ];
  return found.length === 0 ? NONE : [...found, described(step)];
};

const checkRoute = (simulation: Simulation, wanted: string | null): Failures => {
  if (wanted === null) return NONE;
  const targets = [...simulation.routes.values()];
  if (targets.includes(wanted)) return NONE;
  if (simulation.refusal) return [`expected route ${wanted}, but ${described(simulation.refusal)}`];
  return [`expected route ${wanted}, got ${targets.join(', ') || 'none'}`];
};

/** Whether the rule that decided is the one that the test names. */
const isBy = (step: SimulatedHook | null, { expect, stem }: Expected): boolean =>
  expect.by === null || (step !== null && nameMatches(saidAt(step).by, expect.by, stem));

/** Why expectations were not met. */
export const whyUnmet = (simulation: Simulation, expected: Expected, files: readonly PolicyFile[]): readonly FailureTrace[] => {
  const { expect, stem } = expected;
  const step = subject(simulation, expect) ?? simulation.refusal;
  const wanted = expect.by === null || isBy(step, expected) ? [] : expectedTrace(simulation, { files, stem, by: expect.by });
  return [...deciderTrace(step), ...wanted];
};

/** One sentence for every expectation that the simulation did not meet. */
export const unmet = (simulation: Simulation, expected: Expected): Failures => {
  const { expect } = expected;
  const step = subject(simulation, expect);
  const decided = step ? checkDecision(simulation, step, expected) : [notReached(simulation, expect)];
  return [...decided, ...checkRoute(simulation, expect.route), ...checkMore(simulation, expect)];
};

const notReached = (simulation: Simulation, expect: TestExpectation): string =>
  `${expect.at ?? 'the end'} was not reached${simulation.refusal ? `: ${described(simulation.refusal)}` : ''}`;
