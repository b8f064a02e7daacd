import type { ReceivedMessage } from '../../message/incoming.ts';
import type { Policy } from '../../policy/compile/policy.ts';
import { SessionFacts } from '../../policy/decide/session.ts';
import { type Finder, settle } from '../../policy/decide/settle.ts';
import type { AppliedEffect, Decision } from '../../policy/decision.ts';
import { type Hook, SESSION_HOOKS } from '../../policy/hook.ts';
import { outcomeOf } from '../../transaction/outcome.ts';
import { GrantedRecipients } from './granted.ts';
import { grantsAlone, uncounted } from './regrant.ts';
import { type Script, stateAssumed, stateGiven } from './script.ts';
import type { Step, Walk } from './walk.ts';
import { receive, WalkedMessage } from './walked-message.ts';

/*
 * Takes a made-up session through the hooks in the order of the dialogue, as the sockets of `smtp/` take a
 * real one: the same judge, the same reading of verdicts. The walk ends at the first hook that refuses; a
 * refused recipient ends it only if nobody is left.
 */

export interface WalkOptions {
  readonly policy: Policy;
  /** Finds out what rules need; gets the message of the script, or `null`. */
  readonly finder: (message: ReceivedMessage | null) => Finder;
  readonly signal: AbortSignal;
  /** `get_mx`: the message is in the queue already, the script says by which grant. */
  readonly from?: 'connect_init' | 'get_mx';
  /** Hears of every hook before it is judged. */
  readonly entering?: (hook: Hook) => void;
  /** Further hooks to run at the end: of an attempt, of the transaction. */
  readonly also?: readonly Hook[];
}

const CONNECTION_HOOKS = ['connect_init', 'lookup_rdns', 'connect', 'helo'] as const;

/** Walks a script through the hooks. Rejects only for faults of our own. */
export const walk = async (script: Script, options: WalkOptions): Promise<Walk> => new Walker(script, options, await receive(script)).run();

class Walker {
  readonly #script: Script;
  readonly #options: WalkOptions;
  readonly #finder: Finder;
  readonly #facts = new SessionFacts();
  readonly #message: WalkedMessage;
  readonly #steps: Step[] = [];
  readonly #routes = new Map<string, string>();
  readonly #granted = new GrantedRecipients();

  constructor(script: Script, options: WalkOptions, message: ReceivedMessage | null) {
    this.#script = script;
    this.#options = options;
    this.#message = new WalkedMessage(script, message, this.#facts);
    this.#finder = options.finder(message);
  }

  async run(): Promise<Walk> {
    stateAssumed(this.#facts, this.#script.now);
    this.#facts.set('connection', 'policy.version', this.#options.policy.version);
    stateGiven(this.#facts, this.#script, 'connection');
    const queued = this.#options.from === 'get_mx' ? this.#fromQueue() : (await this.#connection()) && (await this.#transaction());
    if (queued) await this.#delivery();
    for (const hook of this.#options.also ?? []) await this.#judge(hook);
    return {
      steps: this.#steps,
      refusal: this.#steps.find(({ hook, outcome }) => SESSION_HOOKS.includes(hook) && outcome.kind !== 'go on') ?? null,
      routes: this.#routes,
      added: this.#message.added,
      removed: this.#message.removed,
      results: this.#facts.results(),
    };
  }

  /** True when the client gets as far as MAIL. */
  async #connection(): Promise<boolean> {
    for (const hook of CONNECTION_HOOKS) if (!(await this.#goesOn(hook))) return false;
    return typeof this.#script.given.get('auth.user') !== 'string' || this.#goesOn('auth');
  }

  /** True when the message is in the queue. */
  async #transaction(): Promise<boolean> {
    this.#facts.beginTransaction();
    stateGiven(this.#facts, this.#script, 'transaction');
    if (!(await this.#goesOn('mail'))) return false;
    for (const recipient of this.#script.recipients) if (!(await this.#recipient(recipient))) return false;
    if (this.#granted.count === 0) return false;
    this.#stateRecipients();
    if (!(await this.#goesOn('data'))) return false;
    this.#message.state();
    return (await this.#submitted('data_post')) && (await this.#submitted('queue'));
  }

  #fromQueue(): true {
    this.#facts.beginTransaction();
    stateGiven(this.#facts, this.#script, 'transaction');
    for (const address of this.#script.recipients) this.#granted.add({ address, grant: null });
    return true;
  }

  /** False when the refusal has closed the connection: those before are given up, too. */
  async #recipient(address: string | null): Promise<boolean> {
    this.#beginRecipient(address);
    const { decision, outcome } = await this.#judge('rcpt', address);
    if (outcome.kind !== 'go on') return outcome.kind !== 'refuse' || !outcome.disconnect;
    const rewritten = decision.effects.flatMap((effect) => (effect.effect === 'rewrite_recipient' ? [effect.address] : [])).at(-1);
    if (rewritten === undefined || rewritten === address) this.#granted.add({ address, grant: decision.grant ?? null });
    else await this.#readdress(rewritten);
    return true;
  }

  /** A recipient that a rule names instead needs a grant of its own. True if it has one. */
  async #readdress(address: string): Promise<boolean> {
    this.#beginRecipient(address);
    const decision = grantsAlone(await this.#decide('rcpt', uncounted(this.#finder)));
    const { outcome } = this.#enter(decision, address);
    if (outcome.kind === 'go on') this.#granted.add({ address, grant: decision.grant ?? null });
    return outcome.kind === 'go on';
  }

  #beginRecipient(address: string | null): void {
    this.#facts.beginRecipient();
    this.#facts.set('recipient', 'recipient.index', this.#granted.count);
    stateGiven(this.#facts, this.#script, 'recipient');
    if (address !== null) this.#facts.set('recipient', 'recipient.address', address);
  }

  /** A hook of the complete message, and what its rules do to the envelope. */
  async #submitted(hook: 'data_post' | 'queue'): Promise<boolean> {
    const { decision, outcome } = await this.#judge(hook);
    if (outcome.kind !== 'go on') return false;
    for (const effect of decision.effects) if (!(await this.#readdressed(effect))) return false;
    this.#stateRecipients();
    return true;
  }

  /** False if a recipient that takes the place of all others has no grant. */
  async #readdressed(effect: AppliedEffect): Promise<boolean> {
    if (effect.effect === 'redirect_to' || effect.effect === 'rewrite_recipient') this.#granted.clear();
    if (effect.effect === 'rewrite_recipient') return this.#readdress(effect.address);
    const added = effect.effect === 'redirect_to' || effect.effect === 'add_recipient' ? effect.addresses : [];
    for (const address of added) this.#granted.addNew({ address, grant: effect.by });
    return true;
  }

  async #delivery(): Promise<void> {
    for (const { address, grant } of this.#granted.all) {
      this.#beginRecipient(address);
      if (grant !== null) this.#facts.set('recipient', 'grant', grant);
      if (!this.#script.given.has('attempt')) this.#facts.set('recipient', 'attempt', 1);
      if (!this.#script.given.has('age')) this.#facts.set('recipient', 'age', 0);
      const { decision } = await this.#judge('get_mx', address);
      if (decision.route) this.#routes.set(address ?? '', decision.route.to);
    }
  }

  async #goesOn(hook: Hook): Promise<boolean> {
    return (await this.#judge(hook)).outcome.kind === 'go on';
  }

  async #judge(hook: Hook, recipient: string | null = null): Promise<Step> {
    return this.#enter(await this.#decide(hook, this.#finder), recipient);
  }

  async #decide(hook: Hook, finder: Finder): Promise<Decision> {
    const { policy, signal, entering } = this.#options;
    entering?.(hook);
    return settle(policy, hook, this.#facts, finder, { trace: true, signal: () => signal });
  }

  /** Writes a step down and does what its rules say to session and message. */
  #enter(decision: Decision, recipient: string | null): Step {
    const step = { hook: decision.hook, recipient, decision, outcome: outcomeOf(decision) };
    this.#steps.push(step);
    this.#facts.remember(decision.effects);
    for (const effect of decision.effects) {
      if (effect.effect === 'rdns') this.#stateRdns(effect.name);
      else if (effect.effect === 'rewrite_sender') this.#facts.set('transaction', 'sender.address', effect.address || null);
    }
    this.#message.edit(decision.effects);
    return step;
  }

  /** A name that a rule gives stands for the looked-up one. */
  #stateRdns(name: string | null): void {
    this.#facts.set('connection', 'client.rdns', name);
    this.#facts.set('connection', 'client.fcrdns', name === null ? null : true);
  }

  /** From `data` on the message is one unit. */
  #stateRecipients(): void {
    this.#facts.beginRecipient();
    if (!this.#script.given.has('recipients')) this.#facts.set('transaction', 'recipients', this.#granted.addresses);
    if (!this.#script.given.has('grant')) this.#facts.set('transaction', 'grant', this.#granted.grants);
  }
}
