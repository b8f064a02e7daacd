import type { Effect } from '../decision.ts';
import { type ActionContext, type CompiledAction, type MadeEffect, PolicyError, type Unmade } from '../definition.ts';
import type { Json } from '../json.ts';
import { parseMailbox } from '../mailbox-syntax.ts';
import { type FactSource, Unknown } from '../value.ts';
import { text, texts } from './argument.ts';

const PLACEHOLDER = /\$\{[^}]*\}/;

/** An address as an action writes it: a literal, which the author answers for, or a template that facts fill in. */
export interface WrittenAddress {
  readonly isLiteral: boolean;
  /** What comes out need not be an address: the envelope takes one strict mailbox, or nothing. Unknown if a fact in it is. */
  readonly make: (facts: FactSource) => string | Unknown;
}

/** Throws `PolicyError` on a literal that is not an address (RFC 5321 4.1.2). */
export const writtenAddress = (written: string, { exact }: ActionContext, path: readonly string[] = []): WrittenAddress => {
  if (PLACEHOLDER.test(written)) {
    const template = exact(written);
    return { isLiteral: false, make: (facts) => trimmed(template(facts)) };
  }
  const address = parseMailbox(written.trim(), true)?.address;
  const help = 'Write one address, `user@example.com`, without a display name.';
  if (address === undefined) throw new PolicyError('RLY2019', `${JSON.stringify(written)} is not an address`, help, path);
  return { isLiteral: true, make: () => address };
};

const trimmed = (text: string | Unknown): string | Unknown => (text instanceof Unknown ? text : text.trim());

/** Addresses of an effect. `literals` are those that the author has written out: they need no grant, all others do. */
export interface ProducedAddresses {
  readonly addresses: readonly string[];
  readonly literals: readonly string[];
}

/** Unknown if one of them is. */
export const producedFrom = (written: readonly WrittenAddress[], facts: FactSource): ProducedAddresses | Unknown => {
  const addresses: string[] = [];
  const literals: string[] = [];
  for (const { isLiteral, make } of written) {
    const address = make(facts);
    if (address instanceof Unknown) return address;
    addresses.push(address);
    if (isLiteral) literals.push(address);
  }
  return { addresses, literals };
};

/** The effect with its addresses, or none while they are unknown: mail never goes to a guess. */
export const addressed = <A>(of: Effect['effect'], to: A | Unknown, effect: (to: A) => MadeEffect | Unmade): MadeEffect | Unmade =>
  to instanceof Unknown ? { effect: 'unmade', of, reason: to.reason } : effect(to);

/** An action on one address of the envelope. */
export const onAddress =
  (effect: 'rewrite_sender' | 'rewrite_recipient') =>
  (argument: Json, context: ActionContext): CompiledAction => {
    const written = writtenAddress(text(argument), context);
    return { does: 'effect', make: (facts) => addressed(effect, written.make(facts), (address) => ({ effect, address })) };
  };

/** An action on the recipients of the message: one address or several. */
export const onRecipients =
  (effect: 'add_recipient' | 'redirect_to') =>
  (argument: Json, context: ActionContext): CompiledAction => {
    const written = texts(argument).map((one) => writtenAddress(one, context));
    return { does: 'effect', make: (facts) => addressed(effect, producedFrom(written, facts), (to) => ({ effect, ...to })) };
  };
