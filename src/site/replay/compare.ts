import { hookOrder } from '../../policy/hook.ts';
import type { JudgedEntry, JudgedOutcome, JudgedRecipient } from '../../transaction/judged.ts';
import type { Outcome } from '../../transaction/outcome.ts';
import type { SimulatedHook, Simulation } from '../simulation/simulation.ts';

/** What became of a session, a recipient or a message, and who decided it; `by` is empty where nobody did. */
export type Fate =
  | { readonly kind: 'accepted' | 'discarded' | 'quarantined'; readonly by: string }
  | { readonly kind: 'refused'; readonly by: string; readonly code: number; readonly enhanced: string; readonly text: string };

/** Where a transaction would go another way. */
export interface Difference {
  readonly what: 'session' | 'recipient' | 'message';
  /** Of `recipient`. */
  readonly recipient?: string;
  readonly before: Fate;
  readonly after: Fate;
}

const ACCEPTED: Fate = { kind: 'accepted', by: '' };

const KINDS = { discard: 'discarded', quarantine: 'quarantined' } as const;

const recordedFate = (outcome: JudgedOutcome | undefined): Fate => {
  if (outcome === undefined) return ACCEPTED;
  const { kind, by, code = 0, enhanced = '', text = '' } = outcome;
  return kind === 'refuse' ? { kind: 'refused', by, code, enhanced, text } : { kind: KINDS[kind], by };
};

const fateOf = (outcome: Outcome | undefined, by: string): Fate => {
  if (outcome === undefined || outcome.kind === 'go on') return { kind: 'accepted', by };
  return outcome.kind === 'refuse' ? { kind: 'refused', by: outcome.by, ...outcome.reply } : { kind: KINDS[outcome.kind], by };
};

/** The client hears the same, and the same became of it. */
const isSame = (before: Fate, after: Fate): boolean => {
  if (before.kind !== 'refused' || after.kind !== 'refused') return before.kind === after.kind;
  return before.code === after.code && before.enhanced === after.enhanced && before.text === after.text;
};

const different = (difference: Difference): readonly Difference[] => (isSame(difference.before, difference.after) ? [] : [difference]);

const isAtRcpt = ({ hook }: SimulatedHook): boolean => hook === 'rcpt';

const byOf = ({ decision }: SimulatedHook): string => (decision.verdict === 'none' ? '' : decision.by);

/** The step, other than at `rcpt`, that did not let the session go on. */
const ending = (steps: readonly SimulatedHook[]): SimulatedHook | undefined =>
  steps.find((step) => !isAtRcpt(step) && step.outcome.kind !== 'go on');

const endingFate = (step: SimulatedHook | undefined): Fate => fateOf(step?.outcome, step === undefined ? '' : byOf(step));

const recipients = (entry: JudgedEntry, steps: readonly SimulatedHook[]): readonly Difference[] => {
  const again = steps.filter(isAtRcpt);
  return (entry.recipients ?? []).flatMap((recipient, index) => {
    const step = again[index];
    if (step === undefined) return [];
    const after = fateOf(step.outcome, step.decision.grant ?? '');
    return different({ what: 'recipient', recipient: recipient.address, before: recipientFate(recipient), after });
  });
};

const recipientFate = ({ refused, by }: JudgedRecipient): Fate =>
  refused === undefined ? { kind: 'accepted', by } : recordedFate(refused);

/** How far the log can tell: a message that has arrived can be judged to its end. */
const isTold = ({ hook: last }: JudgedEntry, { hook }: SimulatedHook): boolean =>
  hookOrder(hook) <= hookOrder(last === 'data_post' ? 'queue' : last);

/** The hooks that can be compared. */
export const toldSteps = (entry: JudgedEntry, { steps }: Simulation): readonly SimulatedHook[] =>
  steps.filter((step) => isTold(entry, step));

const isBeforeRcpt = ({ hook }: { readonly hook: JudgedEntry['hook'] }): boolean => hookOrder(hook) < hookOrder('rcpt');

/**
 * What would have come of a recorded transaction, against what came of it. Compared are the reply to the client and
 * what became of its message; where the log ends early, because a refusal ended the session, nothing is said of what would follow.
 */
export const differencesOf = (entry: JudgedEntry, simulation: Simulation): readonly Difference[] => {
  const steps = toldSteps(entry, simulation);
  const after = ending(steps);
  const before = recordedFate(entry.outcome);
  if ([entry.outcome, after].some((end) => end !== undefined && isBeforeRcpt(end)))
    return different({ what: 'session', before, after: endingFate(after) });
  const found = recipients(entry, steps);
  const isTaken = steps.some((step) => isAtRcpt(step) && step.outcome.kind === 'go on');
  const wasTaken = entry.recipients?.some(({ refused }) => refused === undefined) ?? false;
  return isTaken && wasTaken ? [...found, ...different({ what: 'message', before, after: endingFate(after) })] : found;
};
