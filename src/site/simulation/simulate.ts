import type { ReceivedMessage } from '../../message/incoming.ts';
import { SessionFacts } from '../../policy/decide/session.ts';
import type { Finder } from '../../policy/decide/settle.ts';
import { DELIVERY_HOOKS, type Hook, SESSION_HOOKS } from '../../policy/hook.ts';
import { authenticated, enter, introduce, secured } from '../../transaction/connection.ts';
import { data } from '../../transaction/data.ts';
import { endSession } from '../../transaction/end.ts';
import type { Eventually } from '../../transaction/eventually.ts';
import { faultRefusal } from '../../transaction/fault.ts';
import { mail } from '../../transaction/mail.ts';
import { type Outcome, type Refusal, refuse } from '../../transaction/outcome.ts';
import { rcpt } from '../../transaction/rcpt.ts';
import { REPLIES } from '../../transaction/replies.ts';
import { Session } from '../../transaction/session.ts';
import type { Endpoint, Helo } from '../../transaction/session-state.ts';
import type { AcceptedMessage, Log, SessionSettings } from '../../transaction/settings.ts';
import { signAll } from '../../transaction/signer.ts';
import { type Submission, submit } from '../../transaction/submit.ts';
import { concessionsOf } from '../config/concessions.ts';
import type { Site } from '../loading/load.ts';
import { alreadyQueued, deliver } from './delivery.ts';
import { overrides } from './overrides.ts';
import { entranceOf, recipientOf, saysStartTls, startOf, tlsOf } from './peer.ts';
import { receive } from './receive.ts';
import { Recorder } from './record.ts';
import { givenNumber, givenText, type Script } from './script.ts';
import type { RecipientFate, SimulatedHook, Simulation, Start } from './simulation.ts';

/*
 * Takes a made-up session through the hooks: the script says what a client would say, and `transaction/`
 * does with it what it does behind a socket. Ends where the client would have nothing left to say.
 */

export interface SimulationOptions {
  readonly site: Site;
  /** Finds out what rules need, bound to the message of the script once it has been sent. */
  readonly finder: (message: () => ReceivedMessage | null) => Finder;
  /** Milliseconds for one hook; as configured, if not said. */
  readonly deadline?: number;
  /** `get_mx`: the message is in the queue already, the script says by which grant. */
  readonly from?: Start;
  /** Called before each RCPT, with its place from 0. */
  readonly onRecipient?: (index: number) => void;
  /** Leave out traces and delivery: what the client hears is all that is wanted. */
  readonly verdictsOnly?: boolean;
  /** Further hooks of delivery to run at the end. */
  readonly also?: readonly Hook[];
}

/** Runs a script through the hooks of a session. */
export const simulate = (script: Script, options: SimulationOptions): Promise<Simulation> => new Simulator(script, options).run();

const SILENT: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

class Simulator {
  readonly #script: Script;
  readonly #options: SimulationOptions;
  readonly #session: Session;
  readonly #recorder: Recorder;
  readonly #fates: RecipientFate[] = [];
  #queued: AcceptedMessage | null = null;

  constructor(script: Script, options: SimulationOptions) {
    this.#script = script;
    this.#options = options;
    this.#recorder = new Recorder(() => this.#session.facts, new SessionFacts().results());
    const client: Endpoint = { ip: givenText(script, 'client.ip') ?? '', port: givenNumber(script, 'client.port') ?? 0 };
    const server: Endpoint = { ip: givenText(script, 'server.ip') ?? '', port: givenNumber(script, 'server.port') ?? 0 };
    const listener = entranceOf(script, options.site.config);
    this.#session = new Session({ id: 'dry-run', settings: this.#settings(), listener, client, server });
  }

  async run(): Promise<Simulation> {
    const { from, also = [], verdictsOnly = false } = this.#options;
    if (from === 'get_mx') this.#queued = alreadyQueued(this.#script);
    else {
      if (await this.#connection()) await this.#transaction();
      await endSession(this.#session);
    }
    const routes = this.#queued === null || verdictsOnly ? new Map<string, string>() : await this.#deliver('get_mx');
    for (const hook of also) if (DELIVERY_HOOKS.includes(hook)) await this.#deliver(hook);
    const { steps, added, removed, results } = this.#recorder;
    return { steps, refusal: this.#refusal(), recipients: this.#fates, queued: this.#queued, routes, added, removed, results };
  }

  /** True when the client gets as far as MAIL. */
  async #connection(): Promise<boolean> {
    const session = this.#session;
    for (const hook of ['connect_init', 'lookup_rdns', 'connect'] as const)
      if (!(await this.#goesOn(hook, () => enter(session, hook)))) return false;
    const tls = tlsOf(this.#script);
    if (tls !== null && saysStartTls(this.#script, this.#options.site.config)) {
      if (!(await this.#helo())) return false;
      secured(session, tls);
    }
    session.tls = tls;
    if (!(await this.#helo())) return false;
    const user = givenText(this.#script, 'auth.user');
    const method = givenText(this.#script, 'auth.method') ?? 'plain';
    return user === null || this.#goesOn('auth', () => authenticated(session, { user, method, isRight: true }));
  }

  #helo(): Promise<boolean> {
    const verb: Helo['verb'] = givenText(this.#script, 'helo.verb') === 'HELO' ? 'HELO' : 'EHLO';
    const name = givenText(this.#script, 'helo.name') ?? '';
    const isRefused = name.includes(' ') && !this.#session.concessions.looseHelo;
    return this.#goesOn('helo', () => (isRefused ? refuse(REPLIES.badArguments, 'syntax') : introduce(this.#session, { verb, name })));
  }

  async #transaction(): Promise<void> {
    const start = startOf(this.#script);
    const begun = () => (start === null ? refuse(REPLIES.badSender, 'syntax') : mail(this.#session, start));
    if (!(await this.#goesOn('mail', begun))) return;
    for (const [index, recipient] of this.#script.recipients.entries()) {
      this.#options.onRecipient?.(index);
      if (!(await this.#recipient(recipient))) return;
    }
    this.#options.onRecipient?.(-1);
    if (this.#session.transaction?.recipientCount === 0) return;
    if (await this.#goesOn('data', () => data(this.#session))) await this.#message();
  }

  /** False when the refusal has closed the connection: those before are given up, too. */
  async #recipient(recipient: string | null): Promise<boolean> {
    const outcome = await this.#ran('rcpt', recipient, () => this.#rcpt(recipient));
    const refusal = outcome.kind === 'refuse' ? outcome : null;
    const step = this.#recorder.steps.at(-1);
    const granted = step?.regrants.at(-1)?.decision ?? step?.decision;
    this.#fates.push({ recipient, refusal, by: refusal?.by ?? granted?.grant ?? '' });
    return refusal?.disconnect !== true;
  }

  #rcpt(recipient: string | null): Eventually<Outcome> {
    const { transaction, settings } = this.#session;
    const address = recipient === null ? '' : recipientOf(this.#script, recipient, settings.hostname);
    if (transaction === null || address === null) return refuse(REPLIES.badRecipient, 'syntax');
    return rcpt(this.#session, transaction, { address, notice: {} });
  }

  async #message(): Promise<void> {
    const { transaction, settings } = this.#session;
    const received = await receive(this.#script.message, settings.limits(), this.#session.concessions.bareLf);
    const submitted = await this.#ran('data_post', null, async (): Promise<Submission> => {
      if (transaction === null || 'kind' in received) return 'kind' in received ? received : refuse(REPLIES.localProblem, 'internal');
      return Promise.resolve(submit(this.#session, transaction, received)).catch(faultRefusal);
    });
    if (submitted.kind === 'accept') this.#queued = submitted.message;
  }

  async #goesOn(hook: Hook, work: () => Eventually<Outcome>): Promise<boolean> {
    return (await this.#ran(hook, null, work)).kind === 'go on';
  }

  /** What was refused without a rule being asked is a step, too. */
  async #ran<T extends { readonly kind: string }>(
    hook: Hook,
    recipient: string | null,
    work: () => Eventually<T | Refusal>,
  ): Promise<T | Refusal> {
    const outcome = await work();
    const isRefusal = (one: T | Refusal): one is Refusal => one.kind === 'refuse';
    if (isRefusal(outcome) && !this.#recorder.tells(outcome)) this.#recorder.refused(this.#hookOf(hook), recipient, outcome);
    return outcome;
  }

  /** What fails behind `data_post` and is no rule's doing belongs to `queue`. */
  #hookOf(hook: Hook): Hook {
    return hook === 'data_post' && this.#recorder.steps.some((step) => step.hook === 'data_post') ? 'queue' : hook;
  }

  #deliver(hook: Hook): Promise<ReadonlyMap<string, string>> {
    const { site, finder } = this.#options;
    if (this.#queued === null) return Promise.resolve(new Map());
    const bound = finder(() => null);
    const deadline = this.#session.settings.limits().hook;
    return deliver(hook, this.#queued, { site, script: this.#script, finder: bound, deadline, recorder: this.#recorder });
  }

  #refusal(): SimulatedHook | null {
    const { steps } = this.#recorder;
    const ended = ({ hook, outcome }: SimulatedHook): boolean => SESSION_HOOKS.includes(hook) && outcome.kind !== 'go on';
    const message = steps.find((step) => ended(step) && step.hook !== 'rcpt');
    if (message !== undefined) return message;
    return this.#queued === null ? (steps.find(ended) ?? null) : null;
  }

  #settings(): SessionSettings {
    const { site, finder, deadline } = this.#options;
    const { config, policy } = site;
    const limits = { ...config.limits, hook: deadline ?? config.limits.hook };
    const { step, regrant } = this.#recorder;
    const { state, edited } = overrides(this.#script);
    return {
      hostname: config.hostname,
      limits: () => limits,
      policy: () => policy,
      finder,
      queueId: () => 'dry-run',
      send: () => undefined,
      sign: (content, signatures) => signAll(content, signatures, (key) => site.secrets.keys.get(key) ?? null),
      log: SILENT,
      decisions: () => undefined,
      now: () => this.#script.now,
      concessions: concessionsOf(config),
      dryRun: {
        traces: this.#options.verdictsOnly !== true,
        state,
        step,
        regrant,
        edited: (facts, header, edits) => {
          this.#recorder.edited(header);
          edited(facts, header, edits);
        },
      },
    };
  }
}
