import { SESSION_HOOKS } from '../../policy/hook.ts';
import { asArray, isObject, type Json } from '../../policy/json.ts';
import type { TestExpectation } from '../../policy/syntax.ts';
import type { WalkedStep as Step, Walk } from '../walk/walk.ts';

/** What a test expects, and the stem of its policy, to which a bare id belongs. */
export interface Expected {
  readonly expect: TestExpectation;
  readonly stem: string;
}

type Failures = readonly string[];

const NONE: Failures = [];

/**
 * The step a test speaks of: at the hook it names the one that refused, or the last; without a hook the
 * refusal of the session, or the last step before delivery.
 */
const subject = (walk: Walk, expect: TestExpectation): Step | null => {
  if (expect.at === null) return walk.refusal ?? walk.steps.findLast(({ hook }) => SESSION_HOOKS.includes(hook)) ?? null;
  const there = walk.steps.filter(({ hook }) => hook === expect.at);
  return there.find(({ outcome }) => outcome.kind !== 'go on') ?? there.at(-1) ?? null;
};

const described = ({ hook, decision }: Step): string => {
  if (decision.verdict === 'none') return `nothing was decided at ${hook}`;
  const reply =
    decision.verdict === 'reject' || decision.verdict === 'defer' ? ` ${decision.code} ${decision.enhanced} ${decision.text}` : '';
  return `${hook} said ${decision.verdict}${reply} by ${decision.by}`;
};

const differs = (name: string, wanted: unknown, found: unknown): Failures =>
  wanted === null || wanted === found ? NONE : [`expected ${name} ${String(wanted)}, got ${String(found ?? 'none')}`];

/** `accept` also describes a session that nothing stopped: the relay's own answer is then 250. */
const verdictOf = ({ decision, hook }: Step, wanted: string | null): string =>
  decision.verdict === 'none' && wanted === 'accept' && hook === 'queue' ? 'accept' : decision.verdict;

const nameMatches = (by: string, wanted: string, stem: string): boolean => by === wanted || by === `${stem}/${wanted}`;

const checkDecision = (step: Step, { expect, stem }: Expected): Failures => {
  const { decision, outcome } = step;
  const reply = outcome.kind === 'refuse' ? outcome.reply : null;
  const by = decision.verdict === 'none' ? null : decision.by;
  const found = [
    ...differs('verdict', expect.verdict, verdictOf(step, expect.verdict)),
    ...differs('code', expect.code, reply?.code ?? 250),
    ...differs('enhanced', expect.enhanced, reply?.enhanced),
    ...(expect.text === null || reply?.text.includes(expect.text)
      ? NONE
      : [`expected text with "${expect.text}", got "${reply?.text ?? ''}"`]),
    ...(expect.by === null || nameMatches(by ?? '', expect.by, stem) ? NONE : differs('by', expect.by, by)),
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

const same = (a: Json, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const lacking = (name: string, wanted: Json, found: readonly string[]): Failures =>
  asArray(wanted)
    .filter((one) => !found.includes(String(one)))
    .map((one) => `expected ${name} ${String(one)}, got ${found.join(', ') || 'none'}`);

const headerNames = (fields: readonly string[]): readonly string[] =>
  fields.map((field) => field.slice(0, Math.max(field.indexOf(':'), 0)).toLowerCase());

const lower = (wanted: Json): Json => asArray(wanted).map((one) => String(one).toLowerCase());

/** What rules left behind: results, tags, score, header fields. */
const checkMore = (walk: Walk, more: Json): Failures => {
  if (!isObject(more)) return NONE;
  const { results, tags, score } = walk.results;
  return Object.entries(more).flatMap(([key, wanted]): Failures => {
    if (key.startsWith('result.'))
      return same(wanted, results[key.slice(7)] ?? 'absent') ? NONE : differs(key, wanted, results[key.slice(7)]);
    if (key === 'tag') return lacking('tag', wanted, tags);
    if (key === 'score') return differs('score', wanted, score);
    if (key === 'added') return lacking('added header', lower(wanted), headerNames(walk.added));
    if (key === 'removed') return lacking('removed header', lower(wanted), headerNames(walk.removed));
    return [`nobody knows what the expectation ${key} means`];
  });
};

/** One sentence for every expectation that the walk did not meet. */
export const unmet = (walk: Walk, expected: Expected): Failures => {
  const { expect } = expected;
  const step = subject(walk, expect);
  const decided = step ? checkDecision(step, expected) : [notReached(walk, expect)];
  return [...decided, ...checkRoute(walk, expect.route), ...checkMore(walk, expect.more.value)];
};

const notReached = (walk: Walk, expect: TestExpectation): string =>
  `${expect.at ?? 'the end'} was not reached${walk.refusal ? `: ${described(walk.refusal)}` : ''}`;
