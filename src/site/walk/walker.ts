import { editHeader, isHeaderEdit } from '../../message/edits.ts';
import { IncomingMessage, ReceivedMessage } from '../../message/incoming.ts';
import { provideMessage } from '../../message/message-facts.ts';
import type { Policy } from '../../policy/compile/policy.ts';
import { SessionFacts } from '../../policy/decide/session.ts';
import { type Finder, settle } from '../../policy/decide/settle.ts';
import type { AppliedEffect } from '../../policy/decision.ts';
import { type Hook, SESSION_HOOKS } from '../../policy/hook.ts';
import { outcomeOf } from '../../smtp/reply.ts';
import { type Script, stateAssumed, stateGiven, stateNoMessage } from './script.ts';
import type { Step, Walk } from './walk.ts';

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
  /** Further hooks to run at the end: of an attempt, of the transaction. */
  readonly also?: readonly Hook[];
}

interface Granted {
  readonly address: string | null;
  readonly grant: string | null;
}

const CONNECTION_HOOKS = ['connect_init', 'lookup_rdns', 'connect', 'helo'] as const;
const UNBOUNDED = { headerSize: Number.MAX_SAFE_INTEGER, inMemory: Number.MAX_SAFE_INTEGER };

/** Nothing of a script reaches the disk. */
const noFiles = { bodyFile: () => Promise.reject(new Error('a walk keeps its message in memory')), discardFile: () => Promise.resolve() };

const receive = async (bytes: Buffer): Promise<ReceivedMessage> => {
  const incoming = new IncomingMessage({ ...UNBOUNDED, files: noFiles });
  await incoming.write(bytes);
  return incoming.finish();
};

export const walk = async (script: Script, options: WalkOptions): Promise<Walk> => {
  const message = script.message === null ? null : await receive(script.message);
  return new Walker(script, options, message).run();
};

class Walker {
  readonly #script: Script;
  readonly #options: WalkOptions;
  readonly #finder: Finder;
  readonly #facts = new SessionFacts();
  readonly #steps: Step[] = [];
  readonly #routes = new Map<string, string>();
  readonly #added: string[] = [];
  readonly #removed: string[] = [];
  #granted: Granted[] = [];
  /** With the header as rules have left it so far. */
  #message: ReceivedMessage | null;

  constructor(script: Script, options: WalkOptions, message: ReceivedMessage | null) {
    this.#script = script;
    this.#options = options;
    this.#message = message;
    this.#finder = options.finder(message);
  }

  async run(): Promise<Walk> {
    stateAssumed(this.#facts, this.#script.now);
    this.#facts.set('connection', 'policy.version', this.#options.policy.version);
    stateGiven(this.#facts, this.#script, 'connection');
    const queued = this.#options.from === 'get_mx' ? this.#fromQueue() : (await this.#connection()) && (await this.#transaction());
    if (queued) await this.#delivery();
    for (const hook of this.#options.also ?? []) await this.#step(hook);
    return {
      steps: this.#steps,
      refusal: this.#steps.find(({ hook, outcome }) => SESSION_HOOKS.includes(hook) && outcome.kind !== 'go on') ?? null,
      routes: this.#routes,
      added: this.#added,
      removed: this.#removed,
      results: this.#facts.results(),
    };
  }

  /** True when the client gets as far as MAIL. */
  async #connection(): Promise<boolean> {
    for (const hook of CONNECTION_HOOKS) if (!(await this.#step(hook))) return false;
    return typeof this.#script.given.get('auth.user') !== 'string' || this.#step('auth');
  }

  /** True when the message is in the queue. */
  async #transaction(): Promise<boolean> {
    this.#facts.beginTransaction();
    stateGiven(this.#facts, this.#script, 'transaction');
    if (!(await this.#step('mail'))) return false;
    for (const recipient of this.#script.recipients) await this.#recipient(recipient);
    if (this.#granted.length === 0) return false;
    this.#facts.beginRecipient();
    this.#stateRecipients();
    if (!(await this.#step('data'))) return false;
    this.#stateMessage();
    return (await this.#step('data_post')) && (await this.#step('queue'));
  }

  #fromQueue(): true {
    this.#facts.beginTransaction();
    stateGiven(this.#facts, this.#script, 'transaction');
    this.#granted = this.#script.recipients.map((address) => ({ address, grant: null }));
    return true;
  }

  async #recipient(address: string | null): Promise<void> {
    this.#beginRecipient(address);
    if (!this.#script.given.has('recipient.index')) this.#facts.set('recipient', 'recipient.index', this.#granted.length);
    if (!(await this.#step('rcpt', address))) return;
    const { grant, effects } = this.#lastDecision();
    const rewritten = effects.flatMap((effect) => (effect.effect === 'rewrite_recipient' ? [effect.address] : [])).at(-1);
    this.#granted.push({ address: rewritten ?? address, grant: grant ?? null });
  }

  #beginRecipient(address: string | null): void {
    this.#facts.beginRecipient();
    stateGiven(this.#facts, this.#script, 'recipient');
    if (address !== null) this.#facts.set('recipient', 'recipient.address', address);
  }

  async #delivery(): Promise<void> {
    for (const { address, grant } of this.#granted) {
      this.#beginRecipient(address);
      if (grant !== null) this.#facts.set('recipient', 'grant', grant);
      if (!this.#script.given.has('attempt')) this.#facts.set('recipient', 'attempt', 1);
      if (!this.#script.given.has('age')) this.#facts.set('recipient', 'age', 0);
      await this.#step('get_mx', address);
      const { route } = this.#lastDecision();
      if (route) this.#routes.set(address ?? '', route.to);
    }
  }

  #lastDecision(): Step['decision'] {
    const last = this.#steps.at(-1);
    if (!last) throw new Error('no hook has run yet');
    return last.decision;
  }

  /** Judges one hook; true when the session goes on behind it. */
  async #step(hook: Hook, recipient: string | null = null): Promise<boolean> {
    const { policy, signal } = this.#options;
    const decision = await settle(policy, hook, this.#facts, this.#finder, { trace: true, signal: () => signal });
    const outcome = outcomeOf(decision);
    this.#steps.push({ hook, recipient, decision, outcome });
    this.#facts.remember(decision.effects);
    for (const effect of decision.effects) this.#apply(effect);
    this.#edit(decision.effects);
    return outcome.kind === 'go on';
  }

  #apply(effect: AppliedEffect): void {
    if (effect.effect === 'rdns') this.#stateRdns(effect.name);
    else if (effect.effect === 'rewrite_sender') this.#facts.set('transaction', 'sender.address', effect.address);
    else if (effect.effect === 'redirect_to') this.#granted = effect.addresses.map((address) => ({ address, grant: null }));
    else if (effect.effect === 'add_recipient') this.#granted.push(...effect.addresses.map((address) => ({ address, grant: null })));
  }

  #stateRdns(name: string | null): void {
    this.#facts.set('connection', 'client.rdns', name);
    this.#facts.set('connection', 'client.fcrdns', name === null ? null : true);
  }

  #edit(effects: readonly AppliedEffect[]): void {
    const edits = effects.filter((effect) => isHeaderEdit(effect));
    if (!this.#message || edits.length === 0) return;
    const smtputf8 = this.#script.given.get('message.smtputf8') === true;
    const { header, added, removed } = editHeader(this.#message.header, edits, smtputf8);
    this.#message = new ReceivedMessage(header, this.#message.body);
    this.#added.push(...added);
    this.#removed.push(...removed);
    this.#stateMessage();
  }

  #stateRecipients(): void {
    const addresses = this.#granted.flatMap(({ address }) => address ?? []);
    const grants = new Set(this.#granted.flatMap(({ grant }) => grant ?? []));
    if (!this.#script.given.has('recipients')) this.#facts.set('transaction', 'recipients', addresses);
    if (!this.#script.given.has('grant')) this.#facts.set('transaction', 'grant', [...grants]);
  }

  #stateMessage(): void {
    if (this.#message) provideMessage(this.#facts, this.#message);
    else stateNoMessage(this.#facts);
    stateGiven(this.#facts, this.#script, 'transaction');
  }
}
