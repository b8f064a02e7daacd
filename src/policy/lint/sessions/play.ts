import type { Policy } from '../../compile/policy.ts';
import { evaluate } from '../../decide/evaluate.ts';
import { SessionFacts } from '../../decide/session.ts';
import type { AppliedEffect, Decision, Need } from '../../decision.ts';
import { findFact } from '../../facts/find.ts';
import type { Hook } from '../../hook.ts';
import type { FactSource, FactValue } from '../../value.ts';
import type { Session } from './session.ts';

/*
 * Takes a session that a check has made up through the hooks to RCPT, with the evaluator and the facts of the relay. What a
 * session does not say of a look-up is absent; no limit is reached, and nothing is greylisted.
 */

/** How a session ended. */
export interface Played {
  /** The recipient was let in. */
  readonly accepted: boolean;
  /** The decision that refused or deferred it, or that of RCPT. */
  readonly decision: Decision;
  readonly hook: Hook;
  /** Full names of the rules that would greylist a first attempt. */
  readonly greylisting: readonly string[];
}

const STOPS: readonly Decision['verdict'][] = ['reject', 'defer', 'disconnect', 'discard'];

const stops = ({ verdict }: Decision): boolean => STOPS.includes(verdict);

const GREYLIST = 'greylist.';

class Play {
  readonly #policy: Policy;
  readonly #session: Session;
  readonly #facts = new SessionFacts();
  readonly #greylisting = new Set<string>();

  constructor(policy: Policy, session: Session) {
    this.#policy = policy;
    this.#session = session;
  }

  run(): Played {
    const { user } = this.#session;
    this.#state('connection', this.#session.connection);
    const greeting = this.#hooks(['connect_init', 'lookup_rdns', 'connect']);
    if (greeting !== null) return greeting;
    this.#state('connection', this.#session.client);
    const hello = this.#hooks(['helo']);
    if (hello !== null) return hello;
    if (user !== null) this.#state('connection', { 'auth.user': user, 'auth.method': 'plain' });
    return (user === null ? null : this.#hooks(['auth'])) ?? this.#transaction();
  }

  #transaction(): Played {
    const { sender, recipient } = this.#session;
    this.#facts.beginTransaction();
    this.#state('transaction', { 'sender.address': sender, 'message.declared_size': 4096, 'message.smtputf8': false });
    const mail = this.#hooks(['mail']);
    if (mail !== null) return mail;
    this.#facts.beginRecipient();
    this.#state('recipient', { 'recipient.address': recipient, 'recipient.index': 0 });
    const decision = this.#decide('rcpt');
    return this.#played(decision, 'rcpt', !stops(decision));
  }

  #state(lifetime: 'connection' | 'transaction' | 'recipient', facts: Readonly<Record<string, FactValue>>): void {
    for (const [fact, value] of Object.entries(facts)) this.#facts.set(lifetime, fact, value);
  }

  #hooks(hooks: readonly Hook[]): Played | null {
    for (const hook of hooks) {
      const decision = this.#decide(hook);
      if (stops(decision)) return this.#played(decision, hook, false);
    }
    return null;
  }

  #played(decision: Decision, hook: Hook, accepted: boolean): Played {
    return { accepted, decision, hook, greylisting: [...this.#greylisting] };
  }

  #decide(hook: Hook): Decision {
    const counts = new Map<string, FactValue>();
    const source: FactSource = { get: (fact) => counts.get(fact) ?? this.#facts.get(fact) };
    for (;;) {
      const { decision, needs } = evaluate(this.#policy, hook, source);
      if (needs.length > 0) for (const need of needs) this.#answer(need, counts);
      else {
        this.#facts.take(decision);
        if (!stops(decision)) for (const effect of decision.effects) this.#apply(effect);
        return decision;
      }
    }
  }

  #answer({ need, name }: Need, counts: Map<string, FactValue>): void {
    const definition = need === 'lookup' ? findFact(name) : null;
    if (definition !== null) this.#facts.set(definition.lifetime, name, this.#session.found.get(name) ?? null);
    else counts.set(name, need === 'lookup' ? null : false);
    if (need === 'greylist') this.#greylisting.add(name.slice(GREYLIST.length));
  }

  #apply(effect: AppliedEffect): void {
    if (effect.effect === 'rewrite_sender') this.#facts.set('transaction', 'sender.address', effect.address);
    if (effect.effect === 'rdns') {
      this.#facts.set('connection', 'client.rdns', effect.name);
      this.#facts.set('connection', 'client.fcrdns', effect.name === null ? null : true);
    }
  }
}

/** How the policy answers the session. Throws what a rule throws. */
export const play = (policy: Policy, session: Session): Played => new Play(policy, session).run();
