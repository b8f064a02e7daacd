import { faultDecision } from '../policy/decide/fault.ts';
import type { SessionFacts } from '../policy/decide/session.ts';
import { settle } from '../policy/decide/settle.ts';
import type { AppliedEffect, Decision } from '../policy/decision.ts';
import { ENDING_HOOKS, type Hook } from '../policy/hook.ts';
import type { FactSource } from '../policy/value.ts';
import { Deadline } from './deadline.ts';
import { isWorthNoting } from './decision-entry.ts';
import { after, type Eventually, guarded } from './eventually.ts';
import { askingGrants } from './grant.ts';
import type { Outcome } from './outcome.ts';
import { noteRefused, permitted } from './own-mail.ts';
import { pause } from './pause.ts';
import type { Session } from './session.ts';
import { decisionEntry } from './session-entry.ts';
import { identityOf } from './session-identity.ts';

/**
 * Evaluates one hook of the session under its policy, within the hook's time limit, and applies the effects
 * that every hook has: results, log, mail from rules, tarpit. Internal errors, a passed deadline and a client
 * that left meanwhile all become 451, with the details in the log; never rejects.
 */
export const runHook = (session: Session, hook: Hook): Eventually<Decision> => {
  const faultOf = faulted(session, hook);
  const decision = guarded(() => decide(session, hook), faultOf);
  return after(decision, (settled) => guarded(() => take(session, settled), faultOf));
};

/** Records the outcome of a hook once its effects are applied. */
export const concluded = (session: Session, decision: Decision, outcome: Outcome): Outcome => {
  session.settings.dryRun?.step({ hook: decision.hook, recipient: null, decision, outcome });
  const by = decision.verdict === 'none' ? '' : decision.by;
  session.evidence?.ran(decision.hook, { outcome, by, facts: session.facts });
  return outcome;
};

const BEHIND_RCPT: readonly Hook[] = ['data', 'data_post', 'queue'];

const EMPTY = new Map<Hook, Decision>();

/** A hook without rules never decides anything. */
const settledOf = (hook: Hook): Decision => {
  const known = EMPTY.get(hook);
  if (known !== undefined) return known;
  const decision: Decision = { verdict: 'none', hook, effects: [], shadowed: [], trace: [] };
  EMPTY.set(hook, decision);
  return decision;
};

const decide = (session: Session, hook: Hook): Eventually<Decision> => {
  const { policy, facts, finder, settings } = session;
  if (policy.plan(hook).empty) return settledOf(hook);
  const deadline = new Deadline(settings.limits().hook, () => session.closed);
  const options = { signal: deadline.signal, trace: settings.dryRun?.traces === true };
  return after(settle(policy, hook, facts, finder, options), (settled) => {
    deadline.clear();
    if (deadline.passed && !ENDING_HOOKS.includes(hook)) throw new Error('the hook ran out of time, or the client left');
    return settled;
  });
};

const faulted =
  (session: Session, hook: Hook) =>
  (err: unknown): Decision => {
    const { log } = session.settings;
    const fields = { err, ...identityOf(session), hook };
    if (session.isClosed) log.debug(fields, 'hook abandoned, client disconnected');
    else log.error(fields, 'hook failed');
    return faultDecision(hook);
  };

const take = (session: Session, decision: Decision): Eventually<Decision> => {
  const { facts, settings } = session;
  const changes = decision.changes ?? decision.effects;
  if (changes.length > 0) {
    if (BEHIND_RCPT.includes(decision.hook) && session.transaction !== null) session.transaction.envelopeFacts ??= envelopeFacts(facts);
    facts.take(decision);
  }
  if (!isWorthNoting(decision)) return decision;
  settings.decisions(decision, () => decisionEntry(session, decision));
  if (decision.verdict === 'reject' || decision.verdict === 'defer' || decision.verdict === 'disconnect') session.refusedBy = decision.by;
  return after(sendOwn(session, decision.effects, 0), () => {
    const tarpit = settings.dryRun === undefined ? tarpitOf(decision.effects) : 0;
    return tarpit === 0 ? decision : pause(tarpit, session.closed).then(() => decision);
  });
};

/** The sender is read now, since rules may change it later. */
const envelopeFacts = (facts: SessionFacts): FactSource => {
  const stated = facts.snapshot();
  stated.set('transaction', 'sender.address', facts.get('sender.address') ?? null);
  return stated;
};

/** Sends mail from rules. Its addresses may need grants, which are checked while the facts of the hook are still valid. */
const sendOwn = (session: Session, effects: readonly AppliedEffect[], from: number): Eventually<void> => {
  const { settings } = session;
  for (let index = from; index < effects.length; index++) {
    const mail = effects[index];
    if (mail?.effect !== 'send') continue;
    const refused = noteRefused(settings.log, identityOf(session), mail.by);
    const allowed = askingGrants(session, (ask) => permitted(mail, ask, refused));
    if (allowed instanceof Promise) {
      return allowed.then((one) => {
        if (one !== null) settings.send(one);
        return sendOwn(session, effects, index + 1);
      });
    }
    if (allowed !== null) settings.send(allowed);
  }
};

const tarpitOf = (effects: readonly AppliedEffect[]): number =>
  effects.reduce((sum, effect) => (effect.effect === 'tarpit' ? sum + effect.milliseconds : sum), 0);
