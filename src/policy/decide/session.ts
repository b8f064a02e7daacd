import type { Change, Decision } from '../decision.ts';
import type { Lifetime } from '../fact-definition.ts';
import { keptName } from '../facts/find.ts';
import { doubted, sum, UncertainSet, union } from '../uncertain.ts';
import { type FactSource, type FactValue, type Scalar, Unknown } from '../value.ts';
import { factsSettledBy, showToLaterRules } from './changes.ts';
import { baseOf, certainOf, type KeptState, type KeptUnknowns, keptScore, keptSet, scoreFrom, setFrom } from './kept-state.ts';

type Provider = (rest: string) => FactValue | undefined;

interface Store {
  /** Facts as stated; tags, skips and score are what was added in this lifetime. */
  readonly values: Map<string, FactValue>;
  readonly providers: Map<string, Provider>;
  /** Facts that an undecided rule may have changed, whatever their source. */
  readonly doubts: Map<string, Unknown>;
}

const emptyStore = (): Store => ({ values: new Map(), providers: new Map(), doubts: new Map() });

const copyOf = ({ values, providers, doubts }: Store): Store => ({ values: new Map(values), providers, doubts: new Map(doubts) });

const NONE: readonly string[] = [];

const REFUSALS: readonly Decision['verdict'][] = ['reject', 'defer', 'disconnect', 'discard'];

/** Facts that are not replaced by what is stated later but added to. */
type Added = 'tag' | 'skip' | 'score';

const isSetByRules = (fact: string): boolean => fact === 'tag' || fact === 'skip' || fact === 'score' || fact.startsWith('result.');

const isScalar = (value: FactValue): value is Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** What delivery hooks may ask for: a queued message has no header to them, and one recipient at a time. */
const isKept = (fact: string): boolean => !/^(?:raw_)?header\.|^message\.id$/.test(fact) && fact !== 'recipients' && fact !== 'grant';

/**
 * The facts of one connection, with the lifetimes of the language page, section 4. Results, tags, score
 * and skips set before MAIL live as long as the connection; set later, they end with the transaction. What a rule
 * that could not be decided may have changed is unknown until a later one settles it.
 */
export class SessionFacts implements FactSource {
  #connection = emptyStore();
  #transaction = emptyStore();
  #recipient = emptyStore();
  #inTransaction = false;
  /** What rules had set when the client was greeted. */
  #atGreeting: Store | null = null;

  get(fact: string): FactValue | undefined {
    if (fact === 'tag' || fact === 'skip' || fact === 'score') return this.#added(fact);
    const stated = this.#stated(fact);
    if (this.#transaction.doubts.size + this.#connection.doubts.size === 0) return stated;
    const name = keptName(fact);
    const doubt = this.#transaction.doubts.get(name) ?? this.#connection.doubts.get(name);
    return doubt === undefined ? stated : doubted(stated, doubt);
  }

  #added(fact: Added): FactValue {
    const early = this.#connection.values.get(fact);
    const late = this.#transaction.values.get(fact);
    if (fact === 'score') return sum(early, late);
    if (late === undefined || early === undefined) return late ?? early ?? NONE;
    return union(early, late);
  }

  #stated(fact: string): FactValue | undefined {
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
    this.#store(lifetime).values.set(fact, fact === 'tag' || fact === 'skip' ? union(value, null) : value);
  }

  /** Answers for a whole family (`header`) when asked, `rest` being the name behind the first dot. */
  provide(lifetime: Lifetime, family: string, provider: Provider): void {
    this.#store(lifetime).providers.set(family, provider);
  }

  /** MAIL is being evaluated: what rules set from here on ends with the transaction. */
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

  /** The client was let in: what rules set from here on comes of what it says. */
  greeted(): void {
    this.#atGreeting = copyOf(this.#connection);
  }

  /** STARTTLS: what rules made of the client's words is forgotten with them (RFC 3207 4.2). Look-ups of its address stay. */
  forgetDialogue(): void {
    this.#restore(this.#atGreeting ?? emptyStore());
  }

  /** Returns how to undo what rules set on the connection from here on, except the score. */
  checkpoint(): () => void {
    const before = copyOf(this.#connection);
    return () => {
      const score = this.#connection.values.get('score');
      const doubt = this.#connection.doubts.get('score');
      this.#restore(before);
      if (score !== undefined) this.#connection.values.set('score', score);
      if (doubt !== undefined) this.#connection.doubts.set('score', doubt);
    };
  }

  #restore(before: Store): void {
    const { values, doubts } = this.#connection;
    for (const fact of [...values.keys()]) if (isSetByRules(fact)) values.delete(fact);
    for (const [fact, value] of before.values) if (isSetByRules(fact)) values.set(fact, value);
    doubts.clear();
    for (const [fact, doubt] of before.doubts) doubts.set(fact, doubt);
  }

  /** The next RCPT: what was known of the recipient before is forgotten. */
  beginRecipient(): void {
    this.#recipient = emptyStore();
  }

  /** Takes over what later rules can see of a hook: results, tags, score, skips, and what is unknown from here on. */
  take(decision: Decision): void {
    const changes = decision.changes ?? decision.effects;
    if (changes.length > 0) this.remember(changes, REFUSALS.includes(decision.verdict));
  }

  /** Takes over changes in their order. A hook that refuses leaves message and envelope alone, and so settles nothing about them. */
  remember(changes: readonly Change[], isRefused = false): void {
    const store = this.#inTransaction ? this.#transaction : this.#connection;
    const state = {
      get: (fact: string) => (fact.startsWith('result.') ? this.get(fact) : store.values.get(fact)),
      state: (fact: string, value: FactValue) => store.values.set(fact, value),
    };
    for (const change of changes) {
      showToLaterRules(change, state);
      if (change.effect === 'unsettle') this.#unsettle(change);
      else if (!isRefused && this.#transaction.doubts.size + this.#connection.doubts.size > 0) this.#settle(factsSettledBy(change));
    }
  }

  #unsettle({ facts, value, doubt }: Extract<Change, { effect: 'unsettle' }>): void {
    const { doubts } = this.#inTransaction ? this.#transaction : this.#connection;
    for (const fact of facts) doubts.set(fact, merged(doubts.get(fact), value ?? new Unknown(doubt)));
  }

  #settle(facts: readonly string[]): void {
    for (const fact of facts) for (const { doubts } of [this.#transaction, this.#connection]) doubts.delete(fact);
  }

  /** The facts of connection and transaction as they stand now, whatever rules set later. */
  snapshot(): SessionFacts {
    const copy = new SessionFacts();
    copy.#connection = copyOf(this.#connection);
    copy.#transaction = copyOf(this.#transaction);
    return copy;
  }

  /** Everything rules have set so far, to stay with the queued message. */
  results(): KeptState {
    const results: Record<string, Scalar> = {};
    for (const fact of this.#resultNames()) {
      const value = this.get(fact) ?? null;
      if (isScalar(value)) results[fact.slice(7)] = value;
    }
    const kept = {
      results,
      tags: certainOf(this.get('tag')),
      score: baseOf(this.get('score')),
      skipped: certainOf(this.get('skip')),
    };
    const unknown = this.#unknowns();
    return unknown === null ? kept : { ...kept, unknown };
  }

  /** Takes up what `results` has given, in another session. */
  restore({ results, tags, score, skipped, unknown }: KeptState): void {
    const { values, doubts } = this.#inTransaction ? this.#transaction : this.#connection;
    for (const [name, value] of Object.entries(results)) values.set(`result.${name}`, value);
    values.set('tag', setFrom(tags, unknown?.tags));
    values.set('skip', setFrom(skipped, unknown?.skipped));
    values.set('score', scoreFrom(score, unknown?.score));
    for (const [fact, reason] of Object.entries(unknown?.facts ?? {})) {
      if (fact.startsWith('result.')) values.set(fact, new Unknown(reason));
      else doubts.set(fact, new Unknown(reason));
    }
    const grant = unknown?.grant === undefined ? null : setFrom([], unknown.grant);
    if (grant instanceof Unknown) doubts.set('grant', grant);
  }

  #resultNames(): ReadonlySet<string> {
    const facts = [...this.#connection.values.keys(), ...this.#transaction.values.keys()];
    return new Set(facts.filter((fact) => fact.startsWith('result.')));
  }

  #unknowns(): KeptUnknowns | null {
    const facts: Record<string, string> = {};
    for (const fact of this.#resultNames()) {
      const value = this.get(fact);
      if (value instanceof Unknown) facts[fact] = value.reason;
    }
    for (const { doubts } of [this.#connection, this.#transaction])
      for (const [fact, { reason }] of doubts) if (isKept(fact)) facts[fact] = reason;
    const parts = {
      facts: Object.keys(facts).length === 0 ? undefined : facts,
      tags: keptSet(this.get('tag')),
      skipped: keptSet(this.get('skip')),
      grant: keptSet(this.#transaction.doubts.get('grant')),
      score: keptScore(this.get('score')),
    };
    const present = Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
    return Object.keys(present).length === 0 ? null : present;
  }

  #store(lifetime: Lifetime): Store {
    return lifetime === 'connection' ? this.#connection : lifetime === 'transaction' ? this.#transaction : this.#recipient;
  }
}

/** Two doubts about one fact: both sets of possible members, or nothing known at all. */
const merged = (before: Unknown | undefined, doubt: Unknown): Unknown => {
  if (!(before instanceof UncertainSet && doubt instanceof UncertainSet)) return before instanceof UncertainSet ? doubt : (before ?? doubt);
  return new UncertainSet([], new Map([...before.possible, ...doubt.possible]), before.open ?? doubt.open);
};
