import { isHeaderEdit } from '../message/edits.ts';
import type { AppliedEffect } from '../policy/decision.ts';
import type { Draft } from './draft.ts';
import { after, type Eventually } from './eventually.ts';
import { type AskGrant, askingGrants } from './grant.ts';
import { clipped } from './identity.ts';
import { type Refusal, refuse } from './outcome.ts';
import { producedAddress, rewriteSender } from './produced-address.ts';
import { REPLIES } from './replies.ts';
import { stateRecipients } from './session-facts.ts';
import { identityOf } from './session-identity.ts';
import type { AcceptedRecipient } from './settings.ts';

/**
 * Applies the effects of rules at `data_post` and `queue` to the message and its envelope. Returns `null`, or the
 * refusal of the message: no grant for a replacement address, or an internal error.
 */
export const applyEffects = (draft: Draft, effects: readonly AppliedEffect[]): Eventually<Refusal | null> => {
  if (effects.length === 0) return null;
  draft.edit(effects.filter((effect) => isHeaderEdit(effect)));
  for (const effect of effects) if (effect.effect === 'sign_dkim') draft.signatures.push(effect);
  const applied = askingGrants(draft.session, (ask) => inTurn(effects, (effect) => applyToEnvelope(draft, effect, ask)));
  return after(applied, (refusal) => {
    stateRecipients(draft.session);
    return refusal;
  });
};

/** Applies one after the other until one is refused. */
const inTurn = <T>(things: readonly T[], apply: (thing: T) => Eventually<Refusal | null>, index = 0): Eventually<Refusal | null> => {
  const thing = things[index];
  if (thing === undefined) return null;
  return after(apply(thing), (refusal) => refusal ?? inTurn(things, apply, index + 1));
};

const applyToEnvelope = (draft: Draft, effect: AppliedEffect, ask: AskGrant): Eventually<Refusal | null> => {
  switch (effect.effect) {
    case 'rewrite_sender':
      return rewriteSender(draft.session, draft.transaction, [effect]);
    case 'rewrite_recipient': {
      const { address, by } = effect;
      return replaceRecipients(draft, { addresses: [address], literals: [], by }, ask);
    }
    case 'redirect_to':
      return replaceRecipients(draft, effect, ask);
    case 'add_recipient':
      return addRecipients(draft, effect, ask);
    default:
      return null;
  }
};

interface Addresses {
  readonly addresses: readonly string[];
  readonly literals: readonly string[];
  readonly by: string;
}

/** Replaces all recipients. Each must be a literal in the rule or have a grant; otherwise the whole message is refused. */
const replaceRecipients = (draft: Draft, { addresses, literals, by }: Addresses, ask: AskGrant): Eventually<Refusal | null> => {
  const recipients: AcceptedRecipient[] = [];
  const replace = (text: string): Eventually<Refusal | null> => {
    const address = producedAddress(draft.session, text, by);
    if (address === null) return refuse(REPLIES.localProblem, by);
    if (literals.includes(text)) {
      recipients.push({ address, grant: by });
      return null;
    }
    return after(ask(address), (granted) => {
      if (granted.grant === null) return refuse(granted.reply, 'grants');
      recipients.push({ address, grant: granted.grant });
      return null;
    });
  };
  return after(inTurn(addresses, replace), (refusal) => {
    if (refusal === null) draft.transaction.replaceRecipients(recipients);
    return refusal;
  });
};

/** Copies go to literal addresses and to those with a grant; the message goes on without the others. */
const addRecipients = (draft: Draft, { addresses, literals, by }: Addresses, ask: AskGrant): Eventually<Refusal | null> => {
  const { session, transaction } = draft;
  const add = (text: string): Eventually<Refusal | null> => {
    const address = producedAddress(session, text, by);
    if (address === null || transaction.has(address)) return null;
    if (literals.includes(text)) {
      transaction.add({ address, grant: by });
      return null;
    }
    return after(ask(address), (granted) => {
      if (granted.grant !== null) transaction.add({ address, grant: granted.grant });
      else if (granted.isKnown) notAdded(draft, address, by);
      else return refuse(granted.reply, 'grants');
      return null;
    });
  };
  return inTurn(addresses, add);
};

const notAdded = ({ session }: Draft, recipient: string, rule: string): void =>
  session.settings.log.warn({ ...identityOf(session), rule, recipient: clipped(recipient) }, 'recipient not added, no grant');
