import { SESSION_HOOKS } from '../../policy/hook.ts';
import type { PolicyFile, TestExpectation } from '../../policy/syntax.ts';
import { saidAt } from '../walk/said.ts';
import type { WalkedStep as Step, Walk } from '../walk/walk.ts';
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
const subject = (walk: Walk, expect: TestExpectation): Step | null => {
  if (expect.at === null) return walk.refusal ?? walk.steps.findLast(({ hook }) => SESSION_HOOKS.includes(hook)) ?? null;
  const there = walk.steps.filter(({ hook }) => hook === expect.at);
  return there.find(({ outcome }) => outcome.kind !== 'go on') ?? there.at(-1) ?? null;
};

const described = (step: Step): string => {
  const { verdict, by, reply } = saidAt(step);
  if (verdict === 'none') return `nothing was decided at ${step.hook}`;
  return `${step.hook} said ${verdict}${reply === null ? '' : ` ${reply.code} ${reply.enhanced} ${reply.text}`} by ${by}`;
};

/** `accept` also describes a session that nothing stopped: the relay's own answer is then 250. */
const verdictOf = (step: Step, wanted: string | null): string => {
  const { verdict } = saidAt(step);
  return verdict === 'none' && wanted === 'accept' && step.hook === 'queue' ? 'accept' : verdict;
};

const nameMatches = (by: string, wanted: string, stem: string): boolean => by === wanted || by === `${stem}/${wanted}`;

const checkDecision = (step: Step, { expect, stem }: Expected): Failures => {
  const { outcome } = step;
  const { by, reply } = saidAt(step);
  const said = outcome.kind === 'quarantine' ? outcome.reason : (reply?.text ?? '');
  const found = [
    ...differs('verdict', expect.verdict, verdictOf(step, expect.verdict)),
    ...differs('code', expect.code, reply?.code ?? 250),
    ...differs('enhanced', expect.enhanced, reply?.enhanced),
    ...differs('disconnect', expect.disconnect, outcome.kind === 'refuse' && outcome.disconnect),
    ...(expect.text === null || said.includes(expect.text) ? NONE : [`expected text with "${expect.text}", got "${said}"`]),
    ...(expect.by === null || nameMatches(by, expect.by, stem) ? NONE : differs('by', expect.by, by)),
  ];
  return found.length === 0 ? NONE : [...found, described(step)];
};

const checkRoute = (walk: Walk, wanted: string | null): Failures => {
  if (wanted === null) return NONE;
  const targets = [...walk.routes.values()];
  if (targets.includes(wanted)) return NONE;
  if (walk.refusal) return [`expected route ${wanted}, but ${described(walk.refusal)}`];
  return [`expected route ${wanted}, got ${targets.join(', ') || 'none'}`];
};

/** Whether the rule that decided is the one that the test names. */
const isBy = (step: Step | null, { expect, stem }: Expected): boolean =>
  expect.by === null || (step !== null && nameMatches(saidAt(step).by, expect.by, stem));

/** Why expectations were not met. */
export const whyUnmet = (walk: Walk, expected: Expected, files: readonly PolicyFile[]): readonly FailureTrace[] => {
  const { expect, stem } = expected;
  const step = subject(walk, expect) ?? walk.refusal;
  const wanted = expect.by === null || isBy(step, expected) ? [] : expectedTrace(walk, { files, stem, by: expect.by });
  return [...deciderTrace(step), ...wanted];
};

/** One sentence for every expectation that the walk did not meet. */
export const unmet = (walk: Walk, expected: Expected): Failures => {
  const { expect } = expected;
  const step = subject(walk, expect);
  const decided = step ? checkDecision(step, expected) : [notReached(walk, expect)];
  return [...decided, ...checkRoute(walk, expect.route), ...checkMore(walk, expect)];
};

const notReached = (walk: Walk, expect: TestExpectation): string =>
  `${expect.at ?? 'the end'} was not reached${walk.refusal ? `: ${described(walk.refusal)}` : ''}`;
