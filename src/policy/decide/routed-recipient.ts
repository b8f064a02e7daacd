import type { CompiledGrant } from '../compile/rule.ts';
import { View } from '../compile/view.ts';
import { splitAddress } from '../mailbox.ts';
import { not, type Truth } from '../truth.ts';
import type { FactSource, FactValue } from '../value.ts';

/*
 * `user%other@ours`, `other!user@ours` and `"user@other"@ours` name a mailbox of ours, and a next hop that knows percent
 * hack, bang paths or source routes sends them on to `other` (RFC 5321 appendix F.2, RFC 1123 5.2.16). A grant that lets in the
 * whole domain has not looked at that. So it is asked twice more, with the routing characters replaced by a letter, and for a
 * domain that nobody has: a grant that names such an address does not hold for the first, one that lets the client send
 * anywhere holds for the second, and any other lets in no routed recipient.
 */

/** Full-width forms as well: who normalises them routes on them (RFC 8264 7.2). */
const ROUTING = /[%!@]/g;

const compatible = (local: string): string => local.normalize('NFKC');

/** Nothing to route on, whatever form it is in. */
const PLAIN = /^[^%!@\x80-\uffff]*@[^@]*$/;

/** The recipient without its routing; `null` if it has none. */
const unrouted = (address: FactValue | undefined): string | null => {
  if (typeof address !== 'string' || PLAIN.test(address)) return null;
  const { local, domain } = splitAddress(address);
  const plain = compatible(local);
  if (!plain.match(ROUTING)) return null;
  return `${plain.replace(/^"(.*)"$/, '$1').replace(ROUTING, 'x')}@${domain}`;
};

/** RFC 2606 2: nobody has it. */
const ELSEWHERE = 'x@elsewhere.invalid';

/** The facts of a session as they would be for another recipient. */
class Substituted implements FactSource {
  readonly #facts: FactSource;
  readonly #address: string;

  constructor(facts: FactSource, address: string) {
    this.#facts = facts;
    this.#address = address;
  }

  get(fact: string): FactValue | undefined {
    if (fact === 'recipient.address') return this.#address;
    return fact.startsWith('recipient.') && fact !== 'recipient.index' ? undefined : this.#facts.get(fact);
  }
}

/** A recipient that a next hop may send elsewhere, and which grants mean to let it in. */
export class RoutedRecipient {
  readonly #plain: View;
  readonly #elsewhere: View;

  private constructor(facts: FactSource, plain: string) {
    this.#plain = new View(new Substituted(facts, plain));
    this.#elsewhere = new View(new Substituted(facts, ELSEWHERE));
  }

  /** `null`: there is nothing to route on. */
  static of(facts: FactSource, address: FactValue | undefined): RoutedRecipient | null {
    const plain = unrouted(address);
    return plain === null ? null : new RoutedRecipient(facts, plain);
  }

  /** Of a grant that holds: whether it does so for this recipient as well. `want` hears of look-ups that this takes. */
  isMeantBy({ when, untrustedRouting }: CompiledGrant, want: (lookUp: string) => void): Truth {
    if (untrustedRouting) return true;
    const named = not(when.truth(this.#plain));
    if (named === true) return true;
    const anywhere = when.truth(this.#elsewhere);
    if (anywhere === true || (anywhere === false && named === false)) return anywhere;
    for (const lookUp of [...this.#plain.wanted, ...this.#elsewhere.wanted]) want(lookUp);
    return undefined;
  }
}
