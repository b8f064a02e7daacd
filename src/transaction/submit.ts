import type { ReceivedMessage } from '../message/incoming.ts';
import type { Decision } from '../policy/decision.ts';
import { acceptedMessage } from './accepted.ts';
import { Draft } from './draft.ts';
import { after, type Eventually } from './eventually.ts';
import { concluded, runHook } from './hooks.ts';
import { applyEffects } from './message-effects.ts';
import { type Outcome, outcomeOf, type Refusal, refuse } from './outcome.ts';
import { REPLIES } from './replies.ts';
import type { Session } from './session.ts';
import type { AcceptedMessage } from './settings.ts';
import type { Transaction } from './transaction.ts';

/** The result for a message: refused, discarded with a 250, or to be queued. */
export type Submission =
  | Refusal
  | { readonly kind: 'discard'; readonly id: string }
  | { readonly kind: 'accept'; readonly message: AcceptedMessage };

/** Runs a complete message through `data_post` and `queue`. Throws or rejects with any error on the way. */
export const submit = (session: Session, transaction: Transaction, message: ReceivedMessage): Eventually<Submission> => {
  const { limits, queueId } = session.settings;
  if (message.header.count('received') > limits().received) return refuse(REPLIES.loop, 'limits');
  transaction.message = message;
  transaction.queueId = queueId();
  const draft = new Draft(session, transaction, message);
  return after(decideHook(draft, 'data_post'), (first) =>
    first.kind === 'go on' ? after(decideHook(draft, 'queue'), (second) => conclude(draft, second)) : conclude(draft, first),
  );
};

const decideHook = (draft: Draft, hook: 'data_post' | 'queue'): Eventually<Outcome> =>
  after(runHook(draft.session, hook), (decision) =>
    after(applied(draft, decision), (outcome) => concluded(draft.session, decision, outcome)),
  );

const applied = (draft: Draft, decision: Decision): Eventually<Outcome> => {
  const outcome = outcomeOf(decision);
  if (outcome.kind === 'refuse' || outcome.kind === 'discard') return outcome;
  return after(applyEffects(draft, decision.effects), (refusal) => refusal ?? outcome);
};

const conclude = (draft: Draft, outcome: Outcome): Eventually<Submission> => {
  if (outcome.kind === 'refuse') return outcome;
  const id = draft.transaction.queueId ?? draft.session.settings.queueId();
  if (outcome.kind === 'discard') return { kind: 'discard', id };
  const reason = outcome.kind === 'quarantine' ? outcome.reason : null;
  return after(acceptedMessage(draft, { id, reason }), (message) => ({ kind: 'accept', message }));
};
