import type { Decision } from '../../policy/decision.ts';
import { type DecisionEntry, entryOf } from '../../transaction/decision-entry.ts';
import { recordIdentity } from '../logs/record-identity.ts';
import type { Delivered } from './delivery-policy.ts';

/** The line of the decision log about a delivery hook. `transaction` is the one that queued the message. */
export const deliveryEntry = (decision: Decision, { record, recipient, facts }: Delivered, now: number): DecisionEntry => {
  const version = facts.get('policy.version');
  return entryOf(decision, {
    time: new Date(now).toISOString(),
    who: recordIdentity(record),
    recipient: recipient.address,
    policy: typeof version === 'string' ? version : record.origin.policyVersion,
    left: facts.results(),
  });
};
