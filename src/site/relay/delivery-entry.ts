import type { Decision } from '../../policy/decision.ts';
import type { DecisionEntry } from '../../transaction/decision-entry.ts';
import type { Delivered } from './delivery-judge.ts';

/** The line of the decision log about a delivery hook. `transaction` is the one that queued the message. */
export const deliveryEntry = (decision: Decision, { record, recipient, facts }: Delivered, now: number): DecisionEntry => {
  const { transaction, policyVersion } = record.origin;
  const version = facts.get('policy.version');
  const { results, tags, score } = facts.results();
  return {
    time: now,
    connection: transaction.slice(0, Math.max(transaction.lastIndexOf('.'), 0)),
    transaction,
    message: record.id,
    hook: decision.hook,
    verdict: decision.verdict,
    by: decision.verdict === 'none' ? (decision.route?.id ?? '') : decision.by,
    ...(decision.verdict === 'reject' || decision.verdict === 'defer'
      ? { code: decision.code, enhanced: decision.enhanced, text: decision.text }
      : {}),
    recipient: recipient.address,
    effects: decision.effects,
    shadowed: decision.shadowed,
    policy: typeof version === 'string' ? version : policyVersion,
    results,
    tags,
    score,
  };
};
