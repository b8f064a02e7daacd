import type { Template } from '../definition.ts';
import { splitAddress } from '../mailbox.ts';
import type { FactSource } from '../value.ts';

/** RFC 5321 4.5.3.1.3: a path has at most 256 octets, its brackets included. */
const LONGEST = 254;

/**
 * An address out of a template, when it comes to it. Throws if what comes out is none: the hook then
 * answers 451, rather than sending mail to whatever a fact has put there.
 */
export function addressOf(template: Template, facts: FactSource): string {
  const address = template(facts).trim();
  const { local, domain } = splitAddress(address);
  if (local === '' || domain === '' || /[\s<>,;]/.test(address) || Buffer.byteLength(address) > LONGEST)
    throw new Error(`the template gave ${JSON.stringify(address)}, which is no address`);
  return address;
}
