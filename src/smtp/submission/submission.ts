import type { ReceivedMessage } from '../../message/incoming.ts';
import { provideMessage } from '../../message/message-facts.ts';
import { type Answer, answer, refusal } from '../answer.ts';
import { after, type Eventually } from '../eventually.ts';
import { REPLIES } from '../replies.ts';
import { type Outcome, outcomeOf } from '../reply.ts';
import { runHook } from '../session/hooks.ts';
import type { Session } from '../session/session.ts';
import type { Transaction } from '../session/transaction.ts';
import type { AcceptedMessage } from '../settings.ts';
import { acceptedMessage } from './accepted.ts';
import { Draft } from './draft.ts';
import { applyEffects } from './effects.ts';

/** What the client hears of its message, and whether the queue has it: then its body's file is the queue's. */
export interface Submission {
  readonly said: Answer;
  readonly kept: boolean;
}

export const refused = (said: Answer): Submission => ({ said, kept: false });

/** A complete message through `data_post` and `queue` into the queue. Throws or rejects with the fault that kept it from getting there. */
export function submit(session: Session, transaction: Transaction, message: ReceivedMessage): Eventually<Submission> {
  if (message.header.count('received') > session.settings.limits().received) return refused(answer(REPLIES.loop));
  transaction.queueId = session.settings.queueId();
  provideMessage(session.facts, message);
  const draft = new Draft(session, transaction, message);
  return after(judge(draft, 'data_post'), (first) =>
    first.kind === 'go on' ? after(judge(draft, 'queue'), (second) => conclude(draft, second)) : conclude(draft, first),
  );
}

const judge = (draft: Draft, hook: 'data_post' | 'queue'): Eventually<Outcome> =>
  after(runHook(draft.session, hook), (decision) => {
    const outcome = outcomeOf(decision);
    if (outcome.kind === 'refuse' || outcome.kind === 'discard') return outcome;
    return after(applyEffects(draft, decision.effects), (reply) =>
      reply === null ? outcome : { kind: 'refuse', reply, disconnect: false },
    );
  });

function conclude(draft: Draft, outcome: Outcome): Eventually<Submission> {
  if (outcome.kind === 'refuse') return refused(refusal(outcome));
  const id = draft.transaction.queueId ?? draft.session.settings.queueId();
  if (outcome.kind === 'discard') return refused(queuedAs(id));
  const reason = outcome.kind === 'quarantine' ? outcome.reason : null;
  return after(acceptedMessage(draft, { id, reason }), (message) => queue(draft, message));
}

async function queue({ session, transaction, message: { size } }: Draft, message: AcceptedMessage): Promise<Submission> {
  await session.settings.accept(message);
  const { id, envelope, recipients, state } = message;
  session.settings.log.info({ id, transaction: transaction.id, sender: envelope.sender, recipients: recipients.length, size }, state);
  return { said: queuedAs(id), kept: true };
}

/** Discarded and quarantined mail is answered like any other: nobody learns of it. */
const queuedAs = (id: string): Answer => answer({ ...REPLIES.ok, text: `Ok: queued as ${id}` });
