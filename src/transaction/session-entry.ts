import type { Decision } from '../policy/decision.ts';
import type { DecisionEntry } from './decision-entry.ts';
import type { Session } from './session.ts';

/** The line of the decision log about a hook of a session. */
export function decisionEntry(session: Session, decision: Decision): DecisionEntry {
  const { results, tags, score } = session.facts.results();
  const message = session.transaction?.queueId;
  const recipient = decision.hook === 'rcpt' ? session.facts.get('recipient.address') : null;
  return {
    time: session.settings.now(),
    connection: session.id,
    transaction: session.transaction?.id ?? null,
    ...(typeof message === 'string' ? { message } : {}),
    hook: decision.hook,
    verdict: decision.verdict,
    by: decision.verdict === 'none' ? '' : decision.by,
    ...('code' in decision ? { code: decision.code, enhanced: decision.enhanced, text: decision.text } : {}),
    ...(typeof recipient === 'string' ? { recipient } : {}),
    effects: decision.effects,
    shadowed: decision.shadowed,
    policy: session.policy.version,
    results,
    tags,
    score,
  };
}
