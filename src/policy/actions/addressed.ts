import type { Effect } from '../decision.ts';
import type { ExactTemplate, MadeEffect, Unmade } from '../definition.ts';
import { splitAddress } from '../mailbox.ts';
import { type FactSource, Unknown } from '../value.ts';

/** RFC 5321 4.5.3.1.3: a path has at most 256 octets, its brackets included. */
const LONGEST = 254;

/**
 * An address out of a template, when it comes to it; unknown if a fact in it is. Throws if what comes out is
 * none: the hook then answers 451, rather than sending mail to whatever a fact has put there.
 */
export function addressOf(template: ExactTemplate, facts: FactSource): string | Unknown {
  const filled = template(facts);
  if (filled instanceof Unknown) return filled;
  const address = filled.trim();
  const { local, domain } = splitAddress(address);
  if (local === '' || domain === '' || /[\s<>,;]/.test(address) || Buffer.byteLength(address) > LONGEST)
    throw new Error(`the template gave ${JSON.stringify(address)}, which is no address`);
  return address;
}

/** The same of several; unknown if one is. */
export function addressesOf(templates: readonly ExactTemplate[], facts: FactSource): readonly string[] | Unknown {
  const addresses = templates.map((template) => addressOf(template, facts));
  return addresses.find((address) => address instanceof Unknown) ?? addresses.filter((address) => typeof address === 'string');
}

/** The effect with its addresses, or none while they are unknown: mail never goes to a guess. */
export const addressed = <A>(of: Effect['effect'], to: A | Unknown, effect: (to: A) => MadeEffect | Unmade): MadeEffect | Unmade =>
  to instanceof Unknown ? { effect: 'unmade', of, reason: to.reason } : effect(to);
