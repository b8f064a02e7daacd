import { isHeaderEdit } from '../../message/edits.ts';
import type { AppliedEffect } from '../../policy/decision.ts';
import type { Reply } from '../../policy/reply.ts';
import { after, type Eventually } from '../eventually.ts';
import { REPLIES } from '../replies.ts';
import { grantFor } from '../session/grant.ts';
import { madeAddress } from '../session/made-address.ts';
import { rewriteSender } from '../session/rewrite-sender.ts';
import { stateRecipients } from '../session/session-facts.ts';
import type { Draft } from './draft.ts';

/**
 * Does to the message and its envelope what rules ask for at `data_post` and `queue`. `null`, or the reply
 * that refuses the message: no grant for a rewritten recipient, or a fault of ours.
 */
export function applyEffects(draft: Draft, effects: readonly AppliedEffect[]): Eventually<Reply | null> {
  if (effects.length === 0) return null;
  draft.edit(effects.filter((effect) => isHeaderEdit(effect)));
  for (const effect of effects) if (effect.effect === 'sign_dkim') draft.signatures.push(effect);
  return after(applyInTurn(draft, effects, 0), (reply) => {
    stateRecipients(draft.session);
    return reply;
  });
}

function applyInTurn(draft: Draft, effects: readonly AppliedEffect[], index: number): Eventually<Reply | null> {
  const effect = effects[index];
  if (effect === undefined) return null;
  return after(applyToEnvelope(draft, effect), (reply) => reply ?? applyInTurn(draft, effects, index + 1));
}

function applyToEnvelope(draft: Draft, effect: AppliedEffect): Eventually<Reply | null> {
  switch (effect.effect) {
    case 'rewrite_sender':
      return rewriteSender(draft.session, draft.transaction, [effect]) ? null : REPLIES.localProblem;
    case 'rewrite_recipient':
      return rewriteRecipients(draft, effect.address);
    case 'add_recipient':
      return addRecipients(draft, effect);
    case 'redirect_to':
      draft.transaction.replaceRecipients([]);
      return addRecipients(draft, effect);
    default:
      return null;
  }
}

/** The message is one unit here: the address takes the place of all recipients, if a grant lets it in. */
function rewriteRecipients(draft: Draft, text: string): Eventually<Reply | null> {
  const address = madeAddress(draft.session, text);
  if (address === null) return REPLIES.localProblem;
  return after(grantFor(draft.session, address), (granted) => {
    if (granted.grant === null) return granted.reply;
    draft.transaction.replaceRecipients([{ address, grant: granted.grant }]);
    return null;
  });
}

type Addition = Extract<AppliedEffect, { effect: 'add_recipient' | 'redirect_to' }>;

/** An address the policy itself names needs no grant; the rule stands in its place. */
function addRecipients(draft: Draft, { addresses, by }: Addition): Reply | null {
  for (const text of addresses) {
    const address = madeAddress(draft.session, text);
    if (address === null) return REPLIES.localProblem;
    if (!draft.transaction.has(address)) draft.transaction.add({ address, grant: by });
  }
  return null;
}
