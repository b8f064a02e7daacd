import type { Decision } from '../policy/decision.ts';
import { type DecisionEntry, decided } from './decision-entry.ts';
import { clippedText, identityOf } from './identity.ts';
import type { Session } from './session.ts';

/** The line of the decision log about a hook of a session. At `rcpt` a line is about one recipient; those before it have lines of their own. */
export function decisionEntry(session: Session, decision: Decision): DecisionEntry {
  const { results, tags, score } = session.facts.results();
  const identity = identityOf(session);
  const recipient = decision.hook === 'rcpt' ? clippedText(session.facts.get('recipient.address')) : undefined;
  return {
    event: 'decision',
    time: session.settings.now(),
    ...identity,
    ...(recipient === undefined ? {} : { recipients: undefined, moreRecipients: undefined }),
    recipient,
    ...decided(decision),
    policy: session.policy.version,
    results,
    tags,
    score,
  };
}
