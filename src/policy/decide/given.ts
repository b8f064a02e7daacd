import type { Need } from '../decision.ts';
import { keptName } from '../facts/find.ts';
import { type FactSource, type FactValue, Unknown } from '../value.ts';

type Facts = Readonly<Record<string, FactValue>>;

const NOT_GIVEN = new Unknown('not given');

/** Names of header fields have no case, so what is given may be spelt in any. */
const isSpeltFreely = (fact: string): boolean => fact.startsWith('header.') || fact.startsWith('raw_header.');

/** The facts that a caller of the library gives, read where they are: nothing is copied. */
export class Given implements FactSource {
  readonly #given: Facts;
  readonly #version: string;
  /** Look-ups, limits and greylists that were asked for and are not given. */
  #lacking: Set<string> | null = null;

  constructor(given: Facts, version: string) {
    this.#given = given;
    this.#version = version;
  }

  get(fact: string): FactValue | undefined {
    if (this.#lacking?.has(fact)) return NOT_GIVEN;
    const value = isSpeltFreely(fact) ? this.#spelt(fact) : Object.hasOwn(this.#given, fact) ? this.#given[fact] : undefined;
    return value === undefined && fact === 'policy.version' ? this.#version : value;
  }

  /** Nobody will find these out: they are unknown from now on. */
  lacks(needs: readonly Need[]): void {
    this.#lacking ??= new Set();
    for (const { name } of needs) this.#lacking.add(name);
  }

  /** The last of those that are the same name. */
  #spelt(fact: string): FactValue | undefined {
    let value: FactValue | undefined;
    for (const name of Object.keys(this.#given)) if (keptName(name) === fact) value = this.#given[name];
    return value;
  }
}
