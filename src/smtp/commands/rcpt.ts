import type { AppliedEffect } from '../../policy/decision.ts';
import type { RecipientNotice } from '../../queue/message.ts';
import { type Answer, answer, refusal } from '../answer.ts';
import { after, type Eventually } from '../eventually.ts';
import { REPLIES } from '../replies.ts';
import { outcomeOf } from '../reply.ts';
import { grantFor } from '../session/grant.ts';
import { runHook } from '../session/hooks.ts';
import { madeAddress } from '../session/made-address.ts';
import { rewriteSender } from '../session/rewrite-sender.ts';
import type { Session } from '../session/session.ts';
import { stateRecipient } from '../session/session-facts.ts';
import type { Transaction } from '../session/transaction.ts';
import { parseRcptParameters } from '../syntax/parameters.ts';
import { parseRecipient, splitPath } from '../syntax/path.ts';

const ACCEPTED = answer(REPLIES.recipientOk);

/** RFC 5321 4.1.1.3. */
export function rcpt(session: Session, argument: string): Eventually<Answer> {
  const { transaction } = session;
  if (transaction === null || transaction.chunks !== null) return answer(REPLIES.badSequence);
  if (!/^to:/i.test(argument)) return answer(REPLIES.badArguments);
  const split = splitPath(argument.slice(3));
  const recipient = split && parseRecipient(split.path, transaction.parameters.smtputf8, session.settings.hostname);
  if (split === null || recipient === null) return answer(REPLIES.badRecipient);
  const notice = parseRcptParameters(split.parameters);
  if (!notice.ok) return answer(notice.reply);
  const isFull = transaction.recipientCount >= session.settings.limits().recipients;
  if (isFull && !transaction.has(recipient.address)) return answer(REPLIES.tooManyRecipients);
  return judge(session, transaction, { address: recipient.address, notice: notice.value });
}

interface Asked {
  readonly address: string;
  readonly notice: RecipientNotice;
}

function judge(session: Session, transaction: Transaction, { address, notice }: Asked): Eventually<Answer> {
  stateRecipient(session, address, transaction.recipientCount);
  return after(runHook(session, 'rcpt'), (decision) => {
    const outcome = outcomeOf(decision);
    if (outcome.kind === 'refuse') return refusal(outcome);
    if (!rewriteSender(session, transaction, decision.effects)) return answer(REPLIES.localProblem);
    const rewritten = rewriteOf(decision.effects);
    if (rewritten !== null && rewritten !== address) return readdress(session, transaction, { address: rewritten, notice });
    transaction.add({ ...notice, address, grant: decision.grant ?? '' });
    return ACCEPTED;
  });
}

/** A rule put another address in the recipient's place: it needs a grant of its own. */
function readdress(session: Session, transaction: Transaction, { address: text, notice }: Asked): Eventually<Answer> {
  const address = madeAddress(session, text);
  if (address === null) return answer(REPLIES.localProblem);
  return after(grantFor(session, address), (granted) => {
    if (granted.grant === null) return answer(granted.reply);
    transaction.add({ ...notice, address, grant: granted.grant });
    return ACCEPTED;
  });
}

const rewriteOf = (effects: readonly AppliedEffect[]): string | null =>
  effects.reduce<string | null>((address, effect) => (effect.effect === 'rewrite_recipient' ? effect.address : address), null);
