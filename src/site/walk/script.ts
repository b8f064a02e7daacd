import type { SessionFacts } from '../../policy/decide/session.ts';
import type { Lifetime } from '../../policy/definition.ts';
import { type FactValue, isCollection, isFields, Unknown } from '../../policy/value.ts';

/** A session that is made up: what is known of it, to whom it writes, and what it sends. */
export interface Script {
  /** By full name of the fact. What stands here wins over what the walk would state by itself. */
  readonly given: ReadonlyMap<string, FactValue>;
  /** Never empty; `null` stands for a recipient of whom nothing is known. */
  readonly recipients: readonly (string | null)[];
  /** Bytes of the message; `null`: there is none, and only given facts tell about it. */
  readonly message: Buffer | null;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** How long a fact that a script gives is true: what belongs to a recipient or a transaction must come back with each. */
export const lifetimeOf = (fact: string): Lifetime => {
  if (fact.startsWith('recipient.')) return 'recipient';
  return isOfMessage(fact) || /^(sender\.|recipients\b)/.test(fact) ? 'transaction' : 'connection';
};

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** What holds of a session of which nothing else is said: plain, polite, at the script's time in the zone of the relay. */
export const stateAssumed = (facts: SessionFacts, now: number): void => {
  const clock = new Date(now);
  facts.set('connection', 'time.hour', clock.getHours());
  facts.set('connection', 'time.weekday', WEEKDAYS[clock.getDay()] ?? null);
  facts.set('connection', 'helo.verb', 'EHLO');
  facts.set('connection', 'tls.active', false);
  facts.set('connection', 'client.early_talker', false);
};

const NO_MESSAGE = new Unknown('no message is given');

/** Without a message nothing is known of it: that it has no Subject is not known either. */
export const stateNoMessage = (facts: SessionFacts): void => {
  facts.set('transaction', 'message.size', NO_MESSAGE);
  facts.provide('transaction', 'header', () => NO_MESSAGE);
};

const words = (value: FactValue): readonly string[] => {
  if (isCollection(value)) return value.filter((element) => !isFields(element)).map(String);
  return typeof value === 'string' ? [value] : [];
};

const isOfMessage = (fact: string): boolean => /^(message|header|from|body)\.|^attachment$/.test(fact);

/** What the script gives about the message, in the place of what the message says. */
export const stateGivenMessage = (facts: SessionFacts, { given }: Script): void => {
  for (const [fact, value] of given) if (isOfMessage(fact)) facts.set('transaction', fact, value);
};

/** States what the script gives about one stage. Tags and score are what rules would have left. */
export const stateGiven = (facts: SessionFacts, script: Script, lifetime: Lifetime): void => {
  for (const [fact, value] of script.given) {
    if (lifetimeOf(fact) !== lifetime) continue;
    if (fact === 'tag') facts.remember([{ effect: 'tag', tags: words(value), by: 'given' }]);
    else if (fact === 'score') facts.remember([{ effect: 'score', points: Number(value), by: 'given' }]);
    else facts.set(lifetime, fact, value);
  }
};
