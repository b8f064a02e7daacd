import type { AppliedEffect, Decision, RuleTrace } from '../../policy/decision.ts';
import type { Hook } from '../../policy/hook.ts';
import { REPLIES } from '../../transaction/replies.ts';
import { saidAt } from '../simulation/said.ts';
import type { RecipientFate, SimulatedHook, Simulation } from '../simulation/simulation.ts';

/** `none` has no deciding rule. A reply only for refusals. */
export interface ExplainedVerdict {
  readonly kind: Decision['verdict'];
  readonly by?: string;
  readonly code?: number;
  readonly enhanced?: string;
  readonly text?: string;
}

export interface ExplainedRule {
  readonly id: string;
  readonly kind: RuleTrace['kind'];
  readonly result: RuleTrace['result'];
  readonly why: readonly string[];
}

/** The grants asked for an address that a rule produced. */
export interface ExplainedRegrant {
  readonly address: string;
  /** Full name of the grant; `null`: none holds, or whether one does is unknown. */
  readonly grant: string | null;
  readonly rules: readonly ExplainedRule[];
}

export interface ExplainedHook {
  readonly hook: Hook;
  readonly recipient?: string;
  readonly rules: readonly ExplainedRule[];
  readonly regrants?: readonly ExplainedRegrant[];
  /** What rules did beside deciding, as the decision log has it. */
  readonly effects?: readonly AppliedEffect[];
  /** At `get_mx`, the route that was chosen: its full name and target. */
  readonly route?: { readonly id: string; readonly to: string };
  readonly verdict: ExplainedVerdict;
}

/** What the client hears, and who decided it; `by` is empty where nobody did. */
export interface ExplainedOutcome {
  readonly verdict: Decision['verdict'];
  readonly at: Hook;
  readonly code: number;
  readonly enhanced: string;
  readonly text: string;
  readonly by: string;
}

/** What would happen to a session, as `explain --json` prints it. */
export interface Explanation {
  readonly policy: string;
  /** What was assumed because it was not given. */
  readonly assumed: readonly string[];
  readonly hooks: readonly ExplainedHook[];
  /** Of the message; where no recipient was accepted, of the first. */
  readonly outcome: ExplainedOutcome;
  /** Of every recipient the client asked for, in that order; refused ones get no mail whatever `outcome` says. */
  readonly recipients: readonly (Omit<ExplainedOutcome, 'at'> & { readonly recipient: string })[];
  /** As it goes into the queue; `null`: nothing does. */
  readonly envelope: { readonly sender: string; readonly recipients: readonly string[] } | null;
  readonly routes: Readonly<Record<string, string>>;
  readonly message: { readonly added: readonly string[]; readonly removed: readonly string[] };
}

const verdictOf = (step: SimulatedHook): ExplainedVerdict => {
  const { verdict: kind, by, reply } = saidAt(step);
  if (kind === 'none') return { kind };
  return reply === null || kind === 'disconnect' ? { kind, by } : { kind, by, ...reply };
};

const rulesOf = (trace: readonly RuleTrace[]): readonly ExplainedRule[] =>
  trace.map(({ id, kind, result, why }) => ({ id, kind, result, why }));

const hookOf = (step: SimulatedHook): ExplainedHook => {
  const { hook, recipient, decision } = step;
  const regrants = step.regrants.map(({ address, decision: { grant = null, trace } }) => ({ address, grant, rules: rulesOf(trace) }));
  return {
    hook,
    ...(recipient === null ? {} : { recipient }),
    rules: rulesOf(decision.trace),
    ...(regrants.length === 0 ? {} : { regrants }),
    ...(decision.effects.length === 0 ? {} : { effects: decision.effects }),
    ...(decision.route === undefined ? {} : { route: { id: decision.route.id, to: decision.route.to } }),
    verdict: verdictOf(step),
  };
};

/** The reply to the final dot, unless the message was refused before. */
const outcomeOf = ({ steps, refusal }: Simulation): ExplainedOutcome => {
  const step = refusal ?? steps.findLast(({ hook }) => hook === 'queue');
  if (!step) throw new Error('a session without refusal reaches the queue');
  const { verdict, by, reply } = saidAt(step);
  const { code, enhanced, text } = reply ?? REPLIES.ok;
  return { verdict: refusal ? verdict : 'accept', at: step.hook, code, enhanced, text, by };
};

const fateOf = ({ recipient, refusal, by }: RecipientFate): Explanation['recipients'][number] => {
  const { code, enhanced, text } = refusal?.reply ?? REPLIES.recipientOk;
  const verdict = refusal === null ? 'accept' : refusal.reply.code >= 500 ? 'reject' : 'defer';
  return { recipient: recipient ?? '', verdict, code, enhanced, text, by };
};

/** Puts a simulation into the form that is printed. */
export const explanationOf = (simulation: Simulation, about: Pick<Explanation, 'policy' | 'assumed'>): Explanation => ({
  ...about,
  hooks: simulation.steps.map(hookOf),
  outcome: outcomeOf(simulation),
  recipients: simulation.recipients.map(fateOf),
  envelope: simulation.queued && {
    sender: simulation.queued.envelope.sender,
    recipients: simulation.queued.recipients.map(({ address }) => address),
  },
  routes: Object.fromEntries(simulation.routes),
  message: { added: simulation.added, removed: simulation.removed },
});
