import type { Decision, RuleTrace } from '../../policy/decision.ts';
import type { Hook } from '../../policy/hook.ts';
import { outcomeOf } from '../../transaction/outcome.ts';
import { REPLIES } from '../../transaction/replies.ts';
import type { Step, Walk } from '../walk/walk.ts';

/** `none` stands alone: nothing was decided, and so by nobody. A reply only where one is refused. */
export interface ExplainedVerdict {
  readonly kind: Decision['verdict'];
  readonly by?: string;
  readonly code?: number;
  readonly enhanced?: string;
  readonly text?: string;
}

export interface ExplainedHook {
  readonly hook: Hook;
  readonly recipient?: string;
  readonly rules: readonly {
    readonly id: string;
    readonly kind: RuleTrace['kind'];
    readonly result: RuleTrace['result'];
    readonly why: readonly string[];
  }[];
  readonly verdict: ExplainedVerdict;
}

/** What would happen to a session, as `explain --json` prints it. */
export interface Explanation {
  readonly policy: string;
  readonly hooks: readonly ExplainedHook[];
  readonly outcome: {
    readonly verdict: Decision['verdict'];
    readonly at: Hook;
    readonly code: number;
    readonly enhanced: string;
    readonly text: string;
    readonly by: string;
  };
  readonly routes: Readonly<Record<string, string>>;
  readonly message: { readonly added: readonly string[]; readonly removed: readonly string[] };
}

const byOf = (decision: Decision): string => (decision.verdict === 'none' ? '' : decision.by);

const verdictOf = (decision: Decision): ExplainedVerdict => {
  if (decision.verdict === 'none') return { kind: 'none' };
  const { verdict: kind, by } = decision;
  if (decision.verdict !== 'reject' && decision.verdict !== 'defer') return { kind, by };
  return { kind, by, code: decision.code, enhanced: decision.enhanced, text: decision.text };
};

const hookOf = ({ hook, recipient, decision }: Step): ExplainedHook => ({
  hook,
  ...(recipient === null ? {} : { recipient }),
  rules: decision.trace.map(({ id, kind, result, why }) => ({ id, kind, result, why })),
  verdict: verdictOf(decision),
});

/** The reply to the final dot, unless something was refused before. */
const outcome = (walk: Walk): Explanation['outcome'] => {
  const last = walk.steps.findLast(({ hook }) => hook === 'queue');
  const step = walk.refusal ?? last;
  if (!step) throw new Error('a walk without refusal reaches the queue');
  const { hook: at, decision } = step;
  const said = outcomeOf(decision);
  const { code, enhanced, text } = said.kind === 'refuse' ? said.reply : REPLIES.ok;
  return { verdict: walk.refusal ? decision.verdict : 'accept', at, code, enhanced, text, by: byOf(decision) };
};

/** Puts a walk into the form that is printed. */
export const explanationOf = (walk: Walk, policy: string): Explanation => ({
  policy,
  hooks: walk.steps.map(hookOf),
  outcome: outcome(walk),
  routes: Object.fromEntries(walk.routes),
  message: { added: walk.added, removed: walk.removed },
});
