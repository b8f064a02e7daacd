import type { Decision } from '../policy/decision.ts';
import { type DecisionEntry, entryOf } from './decision-entry.ts';
import { clippedText } from './identity.ts';
import type { Session } from './session.ts';
import { identityOf } from './session-identity.ts';

/** The decision log line about a hook of a session. At `rcpt` a line is about one recipient; earlier ones have lines of their own. */
export const decisionEntry = (session: Session, decision: Decision): DecisionEntry =>
  entryOf(decision, {
    time: new Date(session.settings.now()).toISOString(),
    who: identityOf(session),
    recipient: decision.hook === 'rcpt' ? clippedText(session.facts.get('recipient.address')) : undefined,
    policy: session.policy.version,
    left: session.facts.results(),
  });
