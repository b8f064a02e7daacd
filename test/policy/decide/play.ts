import type { Policy } from '../../../src/policy/compile/policy.ts';
import { evaluate } from '../../../src/policy/decide/evaluate.ts';
import { faultDecision } from '../../../src/policy/decide/fault.ts';
import { SessionFacts } from '../../../src/policy/decide/session.ts';
import type { AppliedEffect, Decision } from '../../../src/policy/decision.ts';
import { findFact } from '../../../src/policy/facts/find.ts';
import type { Hook } from '../../../src/policy/hook.ts';
import type { FactSource, FactValue } from '../../../src/policy/value.ts';

/* Takes a session through its hooks with the real evaluate and the real facts of a session, and nothing else of a relay. */

export type Fate = 'accepted' | 'refused' | 'deferred';

export interface Played {
  /** Of each recipient, over RCPT, the message and its delivery. */
  readonly fates: readonly Fate[];
  /** Recipients that were let in at RCPT, and those that no grant let in. */
  readonly letIn: readonly boolean[];
  readonly denied: readonly boolean[];
  readonly changes: boolean;
}

export interface Plot {
  readonly policy: Policy;
  /** Look-ups and counts: what is found out. */
  readonly found: ReadonlyMap<string, FactValue>;
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** What else is known from the start. */
  readonly given?: Readonly<Record<string, FactValue>>;
}

const isFinal = ({ verdict }: Decision): boolean => verdict === 'reject' || verdict === 'disconnect' || verdict === 'discard';

const fateOf = (decision: Decision): Fate => (isFinal(decision) ? 'refused' : decision.verdict === 'defer' ? 'deferred' : 'accepted');

class Play {
  readonly #plot: Plot;
  readonly #facts = new SessionFacts();
  readonly #headers: Map<string, string[]>;
  changes = false;

  constructor(plot: Plot) {
    this.#plot = plot;
    this.#headers = new Map(Object.entries(plot.headers).map(([name, value]) => [name, [value]]));
  }

  run(): Played {
    const { recipients } = this.#plot;
    const all = (fate: Fate): Played => this.#played(recipients.map(() => fate));
    this.#facts.set('connection', 'client.ip', '192.0.2.1');
    for (const [fact, value] of Object.entries(this.#plot.given ?? {})) this.#facts.set('connection', fact, value);
    for (const hook of ['connect_init', 'lookup_rdns', 'connect', 'helo'] as const) {
      const fate = this.#hook(hook);
      if (fate !== 'accepted') return all(fate);
    }
    this.#facts.beginTransaction();
    this.#facts.set('transaction', 'sender.address', this.#plot.sender || null);
    const mail = this.#hook('mail');
    return mail === 'accepted' ? this.#transaction() : all(mail);
  }

  #transaction(): Played {
    const asked = this.#plot.recipients.map((address, index) => this.#recipient(address, index));
    const fates = asked.map(({ fate }) => fate);
    const letIn = asked.flatMap(({ grant }) => (grant === null ? [] : [grant]));
    const played = (rest: Fate | null): Played => ({
      ...this.#played(
        fates.map((fate, index) => (fate === 'accepted' ? (rest ?? this.#delivery(index, asked[index]?.grant ?? '')) : fate)),
      ),
      letIn: asked.map(({ fate }) => fate === 'accepted'),
      denied: asked.map(({ denied }) => denied),
    });
    if (letIn.length === 0) return played(null);
    this.#facts.beginRecipient();
    this.#facts.set(
      'transaction',
      'recipients',
      this.#plot.recipients.filter((_, index) => fates[index] === 'accepted'),
    );
    this.#facts.set('transaction', 'grant', [...new Set(letIn)]);
    for (const hook of ['data', 'data_post', 'queue'] as const) {
      if (hook === 'data_post') this.#facts.provide('transaction', 'header', (name) => this.#headers.get(name) ?? null);
      const fate = this.#hook(hook);
      if (fate !== 'accepted') return played(fate);
    }
    return played(null);
  }

  #recipient(address: string, index: number): { fate: Fate; grant: string | null; denied: boolean } {
    this.#facts.beginRecipient();
    this.#facts.set('recipient', 'recipient.address', address);
    this.#facts.set('recipient', 'recipient.index', index);
    const decision = this.#decide('rcpt');
    const fate = fateOf(decision);
    const denied = decision.verdict === 'reject' && decision.by === 'grants';
    return { fate, grant: fate === 'accepted' ? (decision.grant ?? '') : null, denied };
  }

  /** From a record, as another process would. */
  #delivery(index: number, grant: string): Fate {
    const facts = new SessionFacts();
    facts.restore(JSON.parse(JSON.stringify(this.#facts.results())));
    const sender = this.#facts.get('sender.address');
    facts.set('transaction', 'sender.address', typeof sender === 'string' ? sender : this.#plot.sender || null);
    facts.set('recipient', 'recipient.address', this.#plot.recipients[index] ?? null);
    facts.set('recipient', 'grant', grant);
    const decision = this.#evaluated('get_mx', facts);
    const astray = decision.verdict === 'none' && (decision.route === undefined || decision.route.to === 'lmtp://astray:24');
    return astray ? 'refused' : fateOf(decision);
  }

  #hook(hook: Hook): Fate {
    return fateOf(this.#decide(hook));
  }

  #decide(hook: Hook): Decision {
    const decision = this.#evaluated(hook, this.#facts);
    this.changes ||= decision.changes !== undefined;
    this.#facts.take(decision);
    if (fateOf(decision) === 'accepted') for (const effect of decision.effects) this.#apply(effect);
    return decision;
  }

  #evaluated(hook: Hook, facts: SessionFacts): Decision {
    const counts = new Map<string, FactValue>();
    const source: FactSource = { get: (fact) => counts.get(fact) ?? facts.get(fact) };
    for (;;) {
      const evaluation = attempted(() => evaluate(this.#plot.policy, hook, source));
      if (evaluation === null) return faultDecision(hook);
      if (evaluation.needs.length === 0) return evaluation.decision;
      for (const { name } of evaluation.needs) {
        const definition = findFact(name);
        const value = this.#plot.found.get(name) ?? false;
        if (definition === null) counts.set(name, value);
        else facts.set(definition.lifetime, name, this.#plot.found.get(name) ?? null);
      }
    }
  }

  #apply(effect: AppliedEffect): void {
    if (effect.effect === 'rewrite_sender') this.#facts.set('transaction', 'sender.address', effect.address);
    if (effect.effect === 'rdns') {
      this.#facts.set('connection', 'client.rdns', effect.name);
      this.#facts.set('connection', 'client.fcrdns', effect.name === null ? null : true);
    }
    if (effect.effect === 'remove_header') this.#headers.delete(effect.name);
    if (effect.effect === 'replace_header') this.#headers.set(effect.name, [effect.value]);
    if (effect.effect === 'add_header') this.#headers.set(effect.name, [...(this.#headers.get(effect.name) ?? []), effect.value]);
  }

  #played(fates: readonly Fate[]): Played {
    const none = fates.map(() => false);
    return { fates, letIn: none, denied: none, changes: this.changes };
  }
}

const attempted = <T>(act: () => T): T | null => {
  try {
    return act();
  } catch {
    return null;
  }
};

/** How a session ends for each of its recipients. */
export const play = (plot: Plot): Played => new Play(plot).run();
