import type { DeliveryFacts, DeliveryHook } from '../../delivery/parts.ts';
import type { Policy } from '../../policy/compile/policy.ts';
import { faultDecision } from '../../policy/decide/fault.ts';
import type { SessionFacts } from '../../policy/decide/session.ts';
import { type Finder, settle } from '../../policy/decide/settle.ts';
import type { Decision } from '../../policy/decision.ts';
import type { Hook } from '../../policy/hook.ts';
import type { MessageRecord, RecipientState } from '../../queue/message.ts';
import { deliveryFacts } from '../../transaction/delivery-facts.ts';

/** What a delivery hook needs; functions, so that a reload shows. */
export interface DeliveryPolicyParts {
  readonly policy: () => Policy;
  readonly finder: () => Finder;
  /** Milliseconds for one hook. */
  readonly deadline: () => number;
  readonly now: () => number;
  /** Hears of every decision: for the log, the counters, and mail that rules send. */
  readonly decided: (decision: Decision, about: Delivered) => void;
  readonly fault: (error: unknown, record: MessageRecord) => void;
}

/** For whom a delivery hook was evaluated. */
export interface Delivered {
  readonly record: MessageRecord;
  readonly recipient: RecipientState;
  readonly facts: SessionFacts;
}

const NOTHING = { verdict: 'none', effects: [], shadowed: [], trace: [] } as const;

/** Evaluates `hook` for one recipient of queued mail. A fault of our own is a deferral: the mail waits. */
export const deliveryPolicy =
  (hook: Hook, parts: DeliveryPolicyParts): DeliveryHook =>
  (record, recipient, given) => {
    const policy = parts.policy();
    if (policy.plan(hook).empty) return { ...NOTHING, hook };
    const facts = deliveryFacts(record, recipient, parts.now());
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
