import { faultDecision } from '../policy/decide/fault.ts';
import { settle } from '../policy/decide/settle.ts';
import type { Decision } from '../policy/decision.ts';
import type { Reply } from '../policy/reply.ts';
import { Deadline } from './deadline.ts';
import { after, type Eventually, guarded } from './eventually.ts';
import { identityOf } from './identity.ts';
import { REPLIES } from './replies.ts';
import type { Session } from './session.ts';
import { stateRecipient } from './session-facts.ts';

/** `isKnown`: every grant could be judged, and none holds. */
export type Granted = { readonly grant: string } | { readonly grant: null; readonly isKnown: boolean; readonly reply: Reply };

/**
 * Asks whether some grant lets an address in that a rule has produced. Only the grants are judged: the rules
 * of `rcpt` have had their say about what the client asked for, and nothing is counted a second time.
 */
export function grantFor(session: Session, address: string): Eventually<Granted> {
  const { settings, policy, facts, finder } = session;
  stateRecipient(session, address, session.transaction?.recipientCount ?? 0);
  const deadline = new Deadline(settings.limits().hook, () => session.closed);
  const options = { signal: deadline.signal, trace: settings.dryRun !== undefined, grantsOnly: true };
  const decision = guarded<Decision>(
    () => settle(policy, 'rcpt', facts, finder, options),
    (err) => {
      settings.log.error({ err, ...identityOf(session) }, 'grant check failed');
      return faultDecision('rcpt');
    },
  );
  return after(decision, (settled) => {
    deadline.clear();
    if (settled.changes !== undefined) facts.remember(settled.changes);
    settings.dryRun?.regrant({ address, decision: settled });
    return deadline.passed ? UNKNOWN : grantedBy(settled);
  });
}

const UNKNOWN: Granted = { grant: null, isKnown: false, reply: REPLIES.localProblem };
const DENIED: Granted = { grant: null, isKnown: true, reply: REPLIES.relayDenied };

/** Where no grant is and a fault is the reason, the client may try again. */
function grantedBy(decision: Decision): Granted {
  if (decision.grant !== undefined) return { grant: decision.grant };
  return decision.verdict === 'reject' && decision.by === 'grants' ? DENIED : UNKNOWN;
}
