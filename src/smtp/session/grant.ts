import { faultDecision } from '../../policy/decide/fault.ts';
import type { Finder } from '../../policy/decide/settle.ts';
import { settle } from '../../policy/decide/settle.ts';
import type { Decision } from '../../policy/decision.ts';
import type { Reply } from '../../policy/reply.ts';
import { type FactValue, Unknown } from '../../policy/value.ts';
import { after, type Eventually, guarded } from '../eventually.ts';
import { REPLIES } from '../replies.ts';
import { Deadline } from './deadline.ts';
import type { Session } from './session.ts';
import { stateRecipient } from './session-facts.ts';

export type Granted = { readonly grant: string } | { readonly grant: null; readonly reply: Reply };

/**
 * Asks whether some grant lets an address in that a rule has put in a recipient's place. Only the grants'
 * answer counts: the rules of `rcpt` have had their say about what the client asked for, so their effects
 * and verdicts are left alone, and nothing is counted a second time.
 */
export function grantFor(session: Session, address: string): Eventually<Granted> {
  stateRecipient(session, address, session.transaction?.recipientCount ?? 0);
  const deadline = new Deadline(session.settings.limits().hook, () => session.closed);
  const decision = guarded<Decision>(
    () => settle(session.policy, 'rcpt', session.facts, uncounted(session.finder), { signal: deadline.signal }),
    (err) => {
      session.settings.log.error({ err, connection: session.id, transaction: session.transaction?.id }, 'grants could not be decided');
      return faultDecision('rcpt');
    },
  );
  return after(decision, (settled) => {
    deadline.clear();
    return deadline.passed ? { grant: null, reply: REPLIES.localProblem } : grantedBy(settled);
  });
}

/** Where no grant is and a fault is the reason, the client may try again. */
function grantedBy(decision: Decision): Granted {
  if (decision.grant !== undefined) return { grant: decision.grant };
  const denied = decision.verdict === 'reject' && decision.by === 'grants';
  return { grant: null, reply: denied ? REPLIES.relayDenied : REPLIES.localProblem };
}

const uncounted = (finder: Finder): Finder => ({
  find: (need, definition, facts, signal): Promise<FactValue> =>
    need.need === 'lookup' ? finder.find(need, definition, facts, signal) : Promise.resolve(new Unknown('not counted twice')),
});
