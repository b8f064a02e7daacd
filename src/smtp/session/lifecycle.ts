import type { AppliedEffect } from '../../policy/decision.ts';
import { type Answer, plainAnswer, refusal } from '../answer.ts';
import { after, type Eventually } from '../eventually.ts';
import { outcomeOf } from '../reply.ts';
import { pause, runHook } from './hooks.ts';
import type { Session } from './session.ts';

/**
 * From the accepted connection to the greeting: `connect_init`, `lookup_rdns`, the pause for early talkers,
 * `connect`. Whoever is refused here may only say QUIT (RFC 5321 3.1).
 */
export function greet(session: Session): Eventually<Answer> {
  return after(enter(session, 'connect_init'), (first) => {
    if (first !== null) return first;
    return after(enter(session, 'lookup_rdns'), (second) => second ?? after(waited(session), () => connect(session)));
  });
}

const connect = (session: Session): Eventually<Answer> =>
  after(enter(session, 'connect'), (refused) => refused ?? plainAnswer(220, [`${session.settings.hostname} ESMTP`]));

function waited(session: Session): Eventually<void> {
  const milliseconds = session.settings.greetingPause();
  return milliseconds > 0 ? pause(milliseconds, session.closed) : undefined;
}

/** `null`: nothing stands against it. */
function enter(session: Session, hook: 'connect_init' | 'lookup_rdns' | 'connect'): Eventually<Answer | null> {
  return after(runHook(session, hook), (decision) => {
    for (const effect of decision.effects) if (effect.effect === 'rdns') stateRdns(session, effect);
    const outcome = outcomeOf(decision);
    if (outcome.kind !== 'refuse') return null;
    session.refused = true;
    return refusal(outcome);
  });
}

/** A name that a rule gives stands for the looked-up one: whoever wrote it vouches for it. Skipped, there is none. */
function stateRdns(session: Session, { name }: Extract<AppliedEffect, { effect: 'rdns' }>): void {
  session.facts.set('connection', 'client.rdns', name);
  session.facts.set('connection', 'client.fcrdns', name === null ? null : true);
}

/** The transaction, if there is one, is over: `reset`, and its facts are forgotten. */
export function endTransaction(session: Session): Eventually<void> {
  const { transaction } = session;
  if (transaction === null) return undefined;
  return after(transaction.chunks?.discard(), () => after(runHook(session, 'reset'), () => session.endTransaction()));
}

/** The client is gone, or was sent away: what was open is given up, then `reset` and `disconnect`. */
export async function endSession(session: Session): Promise<void> {
  const { receiving } = session;
  session.receiving = null;
  session.close();
  await receiving?.receiver.discard();
  await endTransaction(session);
  await runHook(session, 'disconnect');
}

/** After the transaction has ended. */
export const afterTransaction = (session: Session, last: Answer): Eventually<Answer> => after(endTransaction(session), () => last);
