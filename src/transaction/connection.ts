import type { AppliedEffect, Decision } from '../policy/decision.ts';
import { after, type Eventually } from './eventually.ts';
import { concluded, runHook } from './hooks.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { Session } from './session.ts';
import type { Helo } from './session-state.ts';
import type { TlsState } from './tls-state.ts';

/** Runs a hook before the greeting. */
export const enter = (session: Session, hook: 'connect_init' | 'lookup_rdns' | 'connect'): Eventually<Outcome> =>
  after(runHook(session, hook), (decision) => {
    for (const effect of decision.effects) if (effect.effect === 'rdns') stateRdns(session, effect);
    if (hook === 'connect') session.facts.greeted();
    return conclude(session, decision);
  });

/** A name that a rule gives replaces the looked-up one: its author vouches for it. With the look-up skipped there is none. */
const stateRdns = ({ facts }: Session, { name }: Extract<AppliedEffect, { effect: 'rdns' }>): void => {
  facts.set('connection', 'client.rdns', name);
  facts.set('connection', 'client.fcrdns', name === null ? null : true);
};

/** HELO or EHLO, with no transaction open. If a rule refuses, the client has not introduced itself. */
export const introduce = (session: Session, helo: Helo): Eventually<Outcome> => {
  session.helo = helo;
  const undo = session.facts.checkpoint();
  return after(runHook(session, 'helo'), (decision) => {
    const outcome = conclude(session, decision);
    if (outcome.kind === 'refuse') {
      session.helo = null;
      undo();
    }
    return outcome;
  });
};

/** The result of a login attempt. */
export interface Login {
  readonly user: string;
  /** `plain`, `login` */
  readonly method: string;
  readonly isRight: boolean;
}

/**
 * The hook runs after the check, whatever its result. With wrong credentials, or if a rule refuses, the client is not logged in;
 * what rules set for a refused login is undone, except the score.
 */
export const authenticated = (session: Session, { user, method, isRight }: Login): Eventually<Outcome> => {
  session.user = isRight ? user : null;
  session.authMethod = method;
  const undo = session.facts.checkpoint();
  return after(runHook(session, 'auth'), (decision) => {
    const outcome = conclude(session, decision);
    if (outcome.kind === 'refuse' || !isRight) {
      session.user = null;
      session.authMethod = null;
      if (isRight) undo();
    }
    return outcome;
  });
};

/** RFC 3207 4.2: forgets what the client said before TLS, and what rules derived from it. */
export const secured = (session: Session, tls: TlsState): void => {
  session.tls = tls;
  session.helo = null;
  session.user = null;
  session.authMethod = null;
  session.attemptedLogin = null;
  session.facts.forgetDialogue();
};

const conclude = (session: Session, decision: Decision): Outcome => concluded(session, decision, outcomeOf(decision));
