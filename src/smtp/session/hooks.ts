import { faultDecision } from '../../policy/decide/fault.ts';
import { settle } from '../../policy/decide/settle.ts';
import type { AppliedEffect, Decision } from '../../policy/decision.ts';
import { ENDING_HOOKS, type Hook } from '../../policy/hook.ts';
import { after, type Eventually, guarded } from '../eventually.ts';
import { Deadline } from './deadline.ts';
import { decisionEntry, isWorthNoting } from './decision-entry.ts';
import type { Session } from './session.ts';

/**
 * Judges one hook of the session under the policy that is due, within the hook's time, and does what every
 * hook's effects ask for: results, log, mail of our own, tarpit. A fault of ours, a deadline that passed
 * and a client that left meanwhile all come out as 451, with the whole story in the log; never rejects.
 */
export function runHook(session: Session, hook: Hook): Eventually<Decision> {
  const faultOf = faulted(session, hook);
  const decision = guarded(() => decide(session, hook), faultOf);
  return after(decision, (settled) => guarded(() => take(session, settled), faultOf));
}

const EMPTY = new Map<Hook, Decision>();

/** A hook without rules decides nothing, always. */
function settledOf(hook: Hook): Decision {
  const known = EMPTY.get(hook);
  if (known !== undefined) return known;
  const decision: Decision = { verdict: 'none', hook, effects: [], shadowed: [], trace: [] };
  EMPTY.set(hook, decision);
  return decision;
}

function decide(session: Session, hook: Hook): Eventually<Decision> {
  const { policy, facts, finder, settings } = session;
  if (policy.plan(hook).empty) return settledOf(hook);
  const deadline = new Deadline(settings.limits().hook, () => session.closed);
  return after(settle(policy, hook, facts, finder, { signal: deadline.signal }), (settled) => {
    deadline.clear();
    if (deadline.passed && !ENDING_HOOKS.includes(hook)) throw new Error('the hook ran out of time, or the client left');
    return settled;
  });
}

const faulted =
  (session: Session, hook: Hook) =>
  (err: unknown): Decision => {
    const { log } = session.settings;
    const fields = { err, connection: session.id, transaction: session.transaction?.id, hook };
    if (session.isClosed) log.debug(fields, 'hook was left undecided, the client is gone');
    else log.error(fields, 'hook could not be decided');
    return faultDecision(hook);
  };

function take(session: Session, decision: Decision): Eventually<Decision> {
  if (!isWorthNoting(decision)) return decision;
  if (decision.effects.length > 0) session.facts.remember(decision.effects);
  session.settings.decisions(decisionEntry(session, decision));
  for (const effect of decision.effects) if (effect.effect === 'send') session.settings.send(effect);
  const tarpit = tarpitOf(decision.effects);
  return tarpit === 0 ? decision : pause(tarpit, session.closed).then(() => decision);
}

const tarpitOf = (effects: readonly AppliedEffect[]): number =>
  effects.reduce((sum, effect) => (effect.effect === 'tarpit' ? sum + effect.milliseconds : sum), 0);

/** Waits, holding nothing but the session; over at once when the client leaves. */
export function pause(milliseconds: number, closed: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done(): void {
      clearTimeout(timer);
      closed.removeEventListener('abort', done);
      resolve();
    }
    if (closed.aborted) done();
    else closed.addEventListener('abort', done, { once: true });
  });
}
