import type { AppliedEffect } from '../decision.ts';
import type { Lifetime } from '../definition.ts';
import type { FactSource, FactValue, Scalar } from '../value.ts';

type Provider = (rest: string) => FactValue | undefined;

interface Store {
  readonly values: Map<string, FactValue>;
  readonly providers: Map<string, Provider>;
  score: number;
  readonly tags: Set<string>;
  readonly skipped: Set<string>;
}

const emptyStore = (): Store => ({
  values: new Map(),
  providers: new Map(),
  score: 0,
  tags: new Set(),
  skipped: new Set(),
});

/**
 * The facts of one connection, with the lifetimes of the language page, section 4. Results, tags, score
 * and skips set before MAIL live as long as the connection; set later, they end with the transaction.
 */
export class SessionFacts implements FactSource {
  readonly #connection = emptyStore();
  #transaction = emptyStore();
  #recipient = emptyStore();
  #inTransaction = false;

  get(fact: string): FactValue | undefined {
    switch (fact) {
      case 'score':
        return this.#connection.score + this.#transaction.score;
      case 'tag':
        return [...this.#connection.tags, ...this.#transaction.tags];
      case 'skip':
        return [...this.#connection.skipped, ...this.#transaction.skipped];
    }
    for (const store of [this.#recipient, this.#transaction, this.#connection]) {
      const value = store.values.get(fact);
      if (value !== undefined) return value;
    }
    return this.#provided(fact);
  }

  #provided(fact: string): FactValue | undefined {
    const dot = fact.indexOf('.');
    if (dot < 0) return undefined;
    const family = fact.slice(0, dot);
    for (const store of [this.#recipient, this.#transaction, this.#connection]) {
      const value = store.providers.get(family)?.(fact.slice(dot + 1));
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** States a fact for as long as `lifetime` lasts. */
  set(lifetime: Lifetime, fact: string, value: FactValue): void {
    this.#store(lifetime).values.set(fact, value);
  }

  /** Answers for a whole family (`header`) when asked, `rest` being the name behind the first dot. */
  provide(lifetime: Lifetime, family: string, provider: Provider): void {
    this.#store(lifetime).providers.set(family, provider);
  }

  /** MAIL is being judged: what rules set from here on ends with the transaction. */
  beginTransaction(): void {
    this.endTransaction();
    this.#inTransaction = true;
  }

  /** RSET, a new HELO, STARTTLS, a rejected MAIL or the reply to the message. */
  endTransaction(): void {
    this.#transaction = emptyStore();
    this.#recipient = emptyStore();
    this.#inTransaction = false;
  }

  /** The next RCPT: what was known of the recipient before is forgotten. */
  beginRecipient(): void {
    this.#recipient = emptyStore();
  }

  /** Takes over those effects that later rules can see: results, tags, score, skips. */
  remember(effects: readonly AppliedEffect[]): void {
    const store = this.#inTransaction ? this.#transaction : this.#connection;
    for (const effect of effects) {
      if (effect.effect === 'set') for (const [name, value] of Object.entries(effect.values)) store.values.set(`result.${name}`, value);
      else if (effect.effect === 'tag') for (const tag of effect.tags) store.tags.add(tag);
      else if (effect.effect === 'skip') for (const group of effect.groups) store.skipped.add(group);
      else if (effect.effect === 'score') store.score += effect.points;
    }
  }

  /** Everything rules have set so far, to stay with the queued message. */
  results(): {
    readonly results: Readonly<Record<string, Scalar>>;
    readonly tags: readonly string[];
    readonly score: number;
    readonly skipped: readonly string[];
  } {
    const results: Record<string, Scalar> = {};
    for (const store of [this.#connection, this.#transaction])
      for (const [fact, value] of store.values)
        if (fact.startsWith('result.') && (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'))
          results[fact.slice(7)] = value;
    return {
      results,
      tags: [...this.#connection.tags, ...this.#transaction.tags],
      score: this.#connection.score + this.#transaction.score,
      skipped: [...this.#connection.skipped, ...this.#transaction.skipped],
    };
  }

  #store(lifetime: Lifetime): Store {
    return lifetime === 'connection' ? this.#connection : lifetime === 'transaction' ? this.#transaction : this.#recipient;
  }
}
