import type { DeliveryFacts, DeliveryJudge } from '../../delivery/parts.ts';
import type { Policy } from '../../policy/compile/policy.ts';
import { faultDecision } from '../../policy/decide/fault.ts';
import { SessionFacts } from '../../policy/decide/session.ts';
import { type Finder, settle } from '../../policy/decide/settle.ts';
import type { Decision } from '../../policy/decision.ts';
import type { Hook } from '../../policy/hook.ts';
import type { MessageRecord, RecipientState } from '../../queue/message.ts';

/** What judging a delivery hook takes; functions, so that a reload shows. */
export interface JudgeParts {
  readonly policy: () => Policy;
  readonly finder: () => Finder;
  /** Milliseconds for one hook. */
  readonly deadline: () => number;
  readonly now: () => number;
  /** Hears of every decision: for the log, the counters, and mail that rules send. */
  readonly decided: (decision: Decision, about: Delivered) => void;
  readonly fault: (error: unknown, record: MessageRecord) => void;
}

/** For whom a delivery hook was judged. */
export interface Delivered {
  readonly record: MessageRecord;
  readonly recipient: RecipientState;
  readonly facts: SessionFacts;
}

/** The transaction as the queue has kept it, and the recipient's present state. */
const stateFacts = (record: MessageRecord, recipient: RecipientState, now: number): SessionFacts => {
  const facts = new SessionFacts();
  const { origin, envelope } = record;
  for (const [name, value] of Object.entries(origin.facts)) facts.set('connection', name, value);
  facts.remember([
    { effect: 'set', values: origin.results, by: '' },
    { effect: 'tag', tags: origin.tags, by: '' },
    { effect: 'score', points: origin.score, by: '' },
    { effect: 'skip', groups: origin.skipped, by: '' },
  ]);
  facts.set('transaction', 'sender.address', envelope.sender === '' ? null : envelope.sender);
  facts.set('recipient', 'recipient.address', recipient.address);
  facts.set('recipient', 'grant', recipient.grant === '' ? null : recipient.grant);
  facts.set('recipient', 'attempt', recipient.attempts + 1);
  facts.set('recipient', 'age', now - record.arrived);
  return facts;
};

const NOTHING = { verdict: 'none', effects: [], shadowed: [], trace: [] } as const;

/** Judges `hook` for one recipient of queued mail. A fault of our own is a deferral: the mail waits. */
export const deliveryJudge =
  (hook: Hook, parts: JudgeParts): DeliveryJudge =>
  (record, recipient, given) => {
    const policy = parts.policy();
    if (policy.plan(hook).empty) return { ...NOTHING, hook };
    const facts = stateFacts(record, recipient, parts.now());
    for (const [name, value] of Object.entries(given satisfies DeliveryFacts)) facts.set('recipient', name, value);
    facts.set('connection', 'policy.version', policy.version);
    const heard = (decision: Decision): Decision => {
      parts.decided(decision, { record, recipient, facts });
      return decision;
    };
    const failed = (error: unknown): Decision => {
      parts.fault(error, record);
      return heard(faultDecision(hook));
    };
    try {
      const decision = settle(policy, hook, facts, parts.finder(), { signal: () => AbortSignal.timeout(parts.deadline()) });
      return decision instanceof Promise ? decision.then(heard).catch(failed) : heard(decision);
    } catch (error) {
      return failed(error);
    }
  };
