import type { AppliedEffect, Decision } from '../policy/decision.ts';
import type { RecipientNotice } from '../queue/message.ts';
import { after, type Eventually } from './eventually.ts';
import { askingGrants } from './grant.ts';
import { runHook } from './hooks.ts';
import { GO_ON, type Outcome, outcomeOf, refuse } from './outcome.ts';
import { producedAddress, rewriteSender } from './produced-address.ts';
import { REPLIES } from './replies.ts';
import type { Session } from './session.ts';
import { stateRecipient } from './session-facts.ts';
import type { Transaction } from './transaction.ts';

export interface Asked {
  readonly address: string;
  readonly notice: RecipientNotice;
}

/** Adds one recipient to the envelope or refuses it, independently of the others. */
export const rcpt = (session: Session, transaction: Transaction, asked: Asked): Eventually<Outcome> => {
  if (isFull(session, transaction, asked.address)) return refuse(REPLIES.tooManyRecipients, 'limits');
  stateRecipient(session, asked.address, transaction.recipientCount);
  session.evidence?.beginRecipient();
  return after(runHook(session, 'rcpt'), (decision) =>
    after(taken(session, transaction, { asked, decision }), (outcome) => {
      session.settings.dryRun?.step({ hook: 'rcpt', recipient: asked.address, decision, outcome });
      session.evidence?.endRecipient(asked.address, decision.grant ?? '', outcome);
      return outcome;
    }),
  );
};

/** A recipient already in the envelope takes no extra room. */
const isFull = ({ settings }: Session, transaction: Transaction, address: string): boolean =>
  transaction.recipientCount >= settings.limits().recipients && !transaction.has(address);

interface DecidedRecipient {
  readonly asked: Asked;
  readonly decision: Decision;
}

const taken = (session: Session, transaction: Transaction, { asked, decision }: DecidedRecipient): Eventually<Outcome> => {
  const outcome = outcomeOf(decision);
  if (outcome.kind === 'refuse') return outcome;
  const refusal = rewriteSender(session, transaction, decision.effects);
  if (refusal !== null) return refusal;
  const rewrite = rewriteOf(decision.effects);
  if (rewrite !== null && rewrite.address !== asked.address) return readdress(session, transaction, { rewrite, notice: asked.notice });
  transaction.add({ ...asked.notice, address: asked.address, grant: decision.grant ?? '' });
  return outcome;
};

type Rewrite = AppliedEffect & { readonly effect: 'rewrite_recipient' };

/** A rule replaced the recipient's address: the new one needs a grant of its own. */
const readdress = (
  session: Session,
  transaction: Transaction,
  { rewrite, notice }: { readonly rewrite: Rewrite; readonly notice: RecipientNotice },
): Eventually<Outcome> => {
  const address = producedAddress(session, rewrite.address, rewrite.by);
  if (address === null) return refuse(REPLIES.localProblem, rewrite.by);
  if (isFull(session, transaction, address)) return refuse(REPLIES.tooManyRecipients, 'limits');
  return after(
    askingGrants(session, (ask) => ask(address)),
    (granted) => {
      if (granted.grant === null) return refuse(granted.reply, 'grants');
      transaction.add({ ...notice, address, grant: granted.grant });
      return GO_ON;
    },
  );
};

const rewriteOf = (effects: readonly AppliedEffect[]): Rewrite | null =>
  effects.reduce<Rewrite | null>((last, effect) => (isRewrite(effect) ? effect : last), null);

const isRewrite = (effect: AppliedEffect): effect is Rewrite => effect.effect === 'rewrite_recipient';
