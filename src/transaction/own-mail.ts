import { parseMailbox } from '../policy/mailbox-syntax.ts';
import { after, type Eventually } from './eventually.ts';
import type { AskGrant } from './grant.ts';
import { clipped } from './identity.ts';
import type { Log, SendEffect } from './settings.ts';

/** Called with each address that a rule's mail may not use, and the reason. */
type Refused = (address: string, reason: string) => void;

/** Notes in the log which addresses a rule's mail may not use. `who`: the session or the message at which the rule ran. */
export const noteRefused =
  (log: Log, who: object, rule: string): Refused =>
  (address, reason) =>
    log.warn({ ...who, rule, address: clipped(address), reason }, 'rule mail not sent');

/**
 * Reduces mail that a rule sends to recipients that are literal or have a grant. `null` if no recipient is
 * left, or if its sender has no grant.
 */
export const permitted = (mail: SendEffect, ask: AskGrant, refused: Refused): Eventually<SendEffect | null> => {
  if (mail.fromLiteral && mail.to.every((address) => mail.literals.includes(address))) return mail;
  const produced = (text: string): Eventually<string | null> => allow(text, { ask, refused });
  const allowed = (text: string): Eventually<string | null> => (mail.literals.includes(text) ? text : produced(text));
  return after(mail.fromLiteral ? mail.from : produced(mail.from), (from) => {
    if (from === null) return null;
    return after(each(mail.to, allowed), (to) => (to.length === 0 ? null : { ...mail, from, to }));
  });
};

interface Asking {
  readonly ask: AskGrant;
  readonly refused: Refused;
}

const allow = (text: string, { ask, refused }: Asking): Eventually<string | null> => {
  const address = parseMailbox(text, true)?.address ?? null;
  if (address === null) {
    refused(text, 'it is not an address');
    return null;
  }
  return after(ask(address), (granted) => {
    if (granted.grant !== null) return address;
    refused(address, granted.isKnown ? 'no grant holds for it' : 'whether a grant holds for it is unknown');
    return null;
  });
};

const each = (texts: readonly string[], allowed: (text: string) => Eventually<string | null>): Eventually<readonly string[]> => {
  const [first, ...rest] = texts;
  if (first === undefined) return [];
  return after(allowed(first), (address) => after(each(rest, allowed), (others) => (address === null ? others : [address, ...others])));
};
