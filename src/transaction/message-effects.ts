import { isHeaderEdit } from '../message/edits.ts';
import type { AppliedEffect } from '../policy/decision.ts';
import type { Draft } from './draft.ts';
import { after, type Eventually } from './eventually.ts';
import { grantFor } from './grant.ts';
import { type Refusal, refuse } from './outcome.ts';
import { producedAddress } from './produced-address.ts';
import { REPLIES } from './replies.ts';
import { rewriteSender } from './rewrite-sender.ts';
import { stateRecipients } from './session-facts.ts';

/**
 * Does to the message and its envelope what rules ask for at `data_post` and `queue`. `null`, or what
 * refuses the message: no grant for a rewritten recipient, or a fault of ours.
 */
export function applyEffects(draft: Draft, effects: readonly AppliedEffect[]): Eventually<Refusal | null> {
  if (effects.length === 0) return null;
  draft.edit(effects.filter((effect) => isHeaderEdit(effect)));
  for (const effect of effects) if (effect.effect === 'sign_dkim') draft.signatures.push(effect);
  return after(applyInTurn(draft, effects, 0), (refusal) => {
    stateRecipients(draft.session);
    return refusal;
  });
}

function applyInTurn(draft: Draft, effects: readonly AppliedEffect[], index: number): Eventually<Refusal | null> {
  const effect = effects[index];
  if (effect === undefined) return null;
  return after(applyToEnvelope(draft, effect), (refusal) => refusal ?? applyInTurn(draft, effects, index + 1));
}

function applyToEnvelope(draft: Draft, effect: AppliedEffect): Eventually<Refusal | null> {
  switch (effect.effect) {
    case 'rewrite_sender':
      return rewriteSender(draft.session, draft.transaction, [effect]);
    case 'rewrite_recipient':
      return rewriteRecipients(draft, effect);
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
function rewriteRecipients(
  draft: Draft,
  { address: text, by }: { readonly address: string; readonly by: string },
): Eventually<Refusal | null> {
  const address = producedAddress(draft.session, text, by);
  if (address === null) return refuse(REPLIES.localProblem, by);
  return after(grantFor(draft.session, address), (granted) => {
    if (granted.grant === null) return refuse(granted.reply, 'grants');
    draft.transaction.replaceRecipients([{ address, grant: granted.grant }]);
    return null;
  });
}

type Addition = Extract<AppliedEffect, { effect: 'add_recipient' | 'redirect_to' }>;

/** An address the policy itself names needs no grant; the rule stands in its place. */
function addRecipients(draft: Draft, { addresses, by }: Addition): Refusal | null {
  for (const text of addresses) {
    const address = producedAddress(draft.session, text, by);
    if (address === null) return refuse(REPLIES.localProblem, by);
    if (!draft.transaction.has(address)) draft.transaction.add({ address, grant: by });
  }
  return null;
}
