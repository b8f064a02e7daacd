import { isAscii } from 'node:buffer';
import { messageContents } from '../../../src/message/contents.ts';
import { editHeader, isHeaderEdit } from '../../../src/message/edits.ts';
import { withoutForgedResults } from '../../../src/message/forged-results.ts';
import type { ReceivedMessage } from '../../../src/message/incoming.ts';
import type { Policy } from '../../../src/policy/compile/policy.ts';
import { decide } from '../../../src/policy/decide/evaluate.ts';
import { SessionFacts } from '../../../src/policy/decide/session.ts';
import type { AppliedEffect, Decision } from '../../../src/policy/decision.ts';
import type { Lifetime } from '../../../src/policy/fact-definition.ts';
import type { Hook } from '../../../src/policy/hook.ts';
import { parseMailbox } from '../../../src/policy/mailbox-syntax.ts';
import type { FactValue } from '../../../src/policy/value.ts';
import { receive } from '../../../src/site/simulation/receive.ts';
import { LIMITS } from './site.ts';
import { RULE_IDS, serverOf, type Visit } from './visits.ts';

/*
 * A session by hand: `site.decide` hook by hook, over facts put together here, and the plainest reading of
 * what its effects do to the envelope. It shares nothing with the code that applies decisions.
 */

export interface NaiveRecipient {
  readonly address: string;
  /** Name of the grant; `null`: the author has written the address into `add_recipient` or `redirect_to`. */
  readonly grant: string | null;
  /** Where the author has: the rule. */
  readonly rule?: string;
}

/** `null` as envelope: nothing is queued. */
export interface NaiveSession {
  readonly decisions: readonly Decision[];
  readonly envelope: { readonly sender: string; readonly recipients: readonly NaiveRecipient[] } | null;
}

export interface NaiveParts {
  readonly policy: Policy;
  /** The same grants, and nothing else. */
  readonly grants: Policy;
  readonly hostname: string;
  readonly now: number;
}

const HEADERS = ['x-kind', 'subject', 'x-to', 'authentication-results', 'from', 'to', 'received', 'x-new'].map((name) => `header.${name}`);

/** Whatever is stated rather than derived. */
const STATED = [
  ...['client.ip', 'client.port', 'client.early_talker', 'server.ip', 'server.port', 'listener', 'time.hour', 'time.weekday'],
  ...['helo.name', 'helo.verb', 'tls.active', 'auth.user', 'auth.method', 'sender.address', 'message.smtputf8', 'message.declared_size'],
  ...['recipient.address', 'recipient.index', 'recipients', 'grant', 'message.size', 'body.text', 'body.html', 'attachment'],
  ...['result.x', 'tag', 'score', 'skip', ...HEADERS],
  ...['sender.local', 'sender.domain', 'sender.null', 'from.domain', 'recipients.count', 'message.received_count'],
];

type Refused = 'refused' | 'disconnected' | null;

const END: ReadonlySet<string> = new Set(['reject', 'defer', 'disconnect']);

const refusedBy = (decision: Decision): Refused => {
  if (!END.has(decision.verdict)) return null;
  const closes =
    decision.verdict === 'disconnect' || ('code' in decision && decision.code === 421) || ('disconnect' in decision && decision.disconnect);
  return closes ? 'disconnected' : 'refused';
};

const addressOf = (text: string): string | null => parseMailbox(text, true)?.address ?? null;

export class NaiveRun {
  readonly #parts: NaiveParts;
  readonly #visit: Visit;
  #facts = new SessionFacts();
  readonly #decisions: Decision[] = [];
  readonly #recipients = new Map<string, NaiveRecipient>();
  #sender = '';
  /** Facts as they stood when the recipients were complete. */
  #before: Readonly<Record<string, FactValue>> | null = null;
  #header: ReceivedMessage['header'] | null = null;

  constructor(parts: NaiveParts, visit: Visit) {
    this.#parts = parts;
    this.#visit = visit;
  }

  async run(): Promise<NaiveSession> {
    const { ip, helo, verb, tls, user } = this.#visit;
    const clock = new Date(this.#parts.now);
    const weekday = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][clock.getDay()] ?? null;
    this.#state('connection', {
      'client.ip': ip,
      'client.port': 40_000,
      'server.ip': serverOf(this.#visit),
      'server.port': 25,
      listener: 'mx',
    });
    this.#state('connection', {
      'client.early_talker': false,
      'time.hour': clock.getHours(),
      'time.weekday': weekday,
      'tls.active': false,
    });
    const envelope = { decisions: this.#decisions, envelope: null };
    for (const hook of ['connect_init', 'lookup_rdns', 'connect'] as const) if (refusedBy(this.#decide(hook)) !== null) return envelope;
    const unspoken = this.#facts.snapshot();
    this.#state('connection', { 'helo.name': helo, 'helo.verb': verb });
    if (tls && refusedBy(this.#decide('helo')) !== null) return envelope;
    if (tls) this.#facts = unspoken;
    this.#state('connection', { 'helo.name': helo, 'helo.verb': verb, 'tls.active': tls });
    if (refusedBy(this.#decide('helo')) !== null) return envelope;
    if (user !== null) {
      this.#state('connection', { 'auth.user': user, 'auth.method': 'plain' });
      if (refusedBy(this.#decide('auth')) !== null) return envelope;
    }
    return (await this.#transaction()) ? this.#session() : envelope;
  }

  #session(): NaiveSession {
    return { decisions: this.#decisions, envelope: { sender: this.#sender, recipients: [...this.#recipients.values()] } };
  }

  /** True when there is something to queue. */
  async #transaction(): Promise<boolean> {
    const { sender, smtputf8 } = this.#visit;
    const address = sender === '' ? '' : (parseMailbox(sender, smtputf8)?.address ?? null);
    if (address === null) return false;
    this.#sender = address;
    this.#facts.beginTransaction();
    this.#state('transaction', {
      'sender.address': address === '' ? null : address,
      'message.smtputf8': smtputf8,
      'message.declared_size': null,
    });
    const decision = this.#decide('mail');
    if (refusedBy(decision) !== null || !this.#rewriteSender(decision.effects)) return false;
    for (const recipient of this.#visit.recipients) if (this.#rcpt(recipient) === 'disconnected') return false;
    if (this.#recipients.size === 0) return false;
    this.#stateRecipients();
    this.#before = this.#given();
    return refusedBy(this.#decide('data')) === null && (await this.#message());
  }

  #rcpt(text: string): Refused {
    const { hostname } = this.#parts;
    const path = text.replace(/^@[^:]*:/, '');
    const asked = path.toLowerCase() === 'postmaster' ? `${path}@${hostname}` : (parseMailbox(path, this.#visit.smtputf8)?.address ?? null);
    if (asked === null) return 'refused';
    if (this.#recipients.size >= LIMITS.recipients && !this.#recipients.has(asked.toLowerCase())) return 'refused';
    this.#facts.beginRecipient();
    this.#state('recipient', { 'recipient.address': asked, 'recipient.index': this.#recipients.size });
    const decision = this.#decide('rcpt');
    const refused = refusedBy(decision);
    if (refused !== null) return refused;
    if (!this.#rewriteSender(decision.effects)) return 'refused';
    const rewrite = decision.effects.findLast(({ effect }) => effect === 'rewrite_recipient');
    if (rewrite?.effect !== 'rewrite_recipient' || rewrite.address === asked) {
      this.#add({ address: asked, grant: decision.grant ?? '' });
      return null;
    }
    const address = addressOf(rewrite.address);
    const grant = address === null ? null : this.#grantFor(address);
    if (address === null || typeof grant !== 'string') return 'refused';
    this.#add({ address, grant });
    return null;
  }

  async #message(): Promise<boolean> {
    const received = await receive(this.#visit.message, LIMITS);
    if ('kind' in received) return false;
    if (received.header.count('received') > LIMITS.received) return false;
    const contents = messageContents(received, { parts: 100 });
    const signal = new AbortController().signal;
    const attachments = await contents.attachments(signal);
    this.#state('transaction', {
      'message.size': received.size,
      'body.text': await contents.text(signal),
      'body.html': await contents.html(signal),
      attachment: attachments.length === 0 ? null : attachments,
    });
    this.#header = withoutForgedResults(received.header, this.#parts.hostname);
    this.#stateHeader();
    for (const hook of ['data_post', 'queue'] as const) {
      const decision = this.#decide(hook);
      if (refusedBy(decision) !== null || decision.verdict === 'discard') return false;
      const edits = decision.effects.filter((effect) => isHeaderEdit(effect));
      this.#header = editHeader(this.#header, edits, this.#visit.smtputf8 && !isAscii(received.header.fieldBytes)).header;
      this.#stateHeader();
      for (const effect of decision.effects) if (!this.#apply(effect)) return false;
      this.#stateRecipients();
      if (decision.verdict === 'quarantine') return true;
    }
    return true;
  }

  /** False: the message is refused. */
  #apply(effect: AppliedEffect): boolean {
    switch (effect.effect) {
      case 'rewrite_sender':
        return this.#rewriteSender([effect]);
      case 'rewrite_recipient':
        return this.#replace([effect.address], [], effect.by);
      case 'redirect_to':
        return this.#replace(effect.addresses, effect.literals, effect.by);
      case 'add_recipient':
        return effect.addresses.every((text) => this.#addOne(text, effect.literals, effect.by));
      default:
        return true;
    }
  }

  #replace(texts: readonly string[], literals: readonly string[], rule: string): boolean {
    const chosen = texts.map((text) => ({ address: addressOf(text), isLiteral: literals.includes(text) }));
    const granted = chosen.map(({ address, isLiteral }) => (isLiteral || address === null ? null : this.#grantFor(address)));
    if (chosen.some(({ address, isLiteral }, index) => address === null || (!isLiteral && typeof granted[index] !== 'string')))
      return false;
    this.#recipients.clear();
    for (const [index, { address }] of chosen.entries()) if (address !== null) this.#add({ address, grant: granted[index] ?? null, rule });
    return true;
  }

  /** A grant that is unknown refuses the message, one that is missing leaves the address out. */
  #addOne(text: string, literals: readonly string[], rule: string): boolean {
    const address = addressOf(text);
    if (address === null || this.#recipients.has(address.toLowerCase())) return true;
    if (literals.includes(text)) {
      this.#add({ address, grant: null, rule });
      return true;
    }
    const grant = this.#grantFor(address);
    if (typeof grant === 'string') this.#add({ address, grant });
    return grant !== undefined;
  }

  /** `null`: there is none; `undefined`: nobody can tell. */
  #grantFor(address: string): string | null | undefined {
    const now = this.#given();
    const before = this.#before ?? now;
    const set = Object.fromEntries(['result.x', 'tag', 'score', 'skip', 'sender.address'].map((fact) => [fact, before[fact] ?? null]));
    const rest = Object.entries({ ...now, ...set }).filter(([fact]) => !/^recipient\.(?!index)|^grant$/.test(fact));
    const decision = decide(this.#parts.grants, 'rcpt', { ...Object.fromEntries(rest), 'recipient.address': address });
    if (decision.grant !== undefined) return decision.grant;
    return decision.verdict === 'reject' ? null : undefined;
  }

  #rewriteSender(effects: readonly AppliedEffect[]): boolean {
    for (const effect of effects) {
      if (effect.effect !== 'rewrite_sender') continue;
      const address = addressOf(effect.address);
      if (address === null) return false;
      this.#sender = address;
      this.#state('transaction', { 'sender.address': address });
    }
    return true;
  }

  #add(recipient: NaiveRecipient): void {
    this.#recipients.set(recipient.address.toLowerCase(), recipient);
  }

  #decide(hook: Hook): Decision {
    const decision = decide(this.#parts.policy, hook, this.#given());
    this.#decisions.push(decision);
    this.#facts.remember(decision.changes ?? decision.effects);
    return decision;
  }

  #given(): Readonly<Record<string, FactValue>> {
    const { found, counts } = this.#visit;
    const stated = STATED.map((fact): readonly [string, FactValue | undefined] => [fact, this.#facts.get(fact)]);
    const counted = RULE_IDS.flatMap((id) =>
      ['limit', 'greylist'].map((kind): readonly [string, FactValue] => [`${kind}.10-policy/${id}`, counts[`${kind}.${id}`] ?? false]),
    );
    const all = [...Object.entries(found), ...counted, ...stated];
    return Object.fromEntries(all.flatMap(([fact, value]) => (value === undefined ? [] : [[fact, value]])));
  }

  #state(lifetime: Lifetime, facts: Readonly<Record<string, FactValue>>): void {
    for (const [fact, value] of Object.entries(facts)) this.#facts.set(lifetime, fact, value);
  }

  #stateHeader(): void {
    const header = this.#header;
    for (const fact of HEADERS) {
      const values = header?.values(fact.slice('header.'.length)) ?? [];
      this.#state('transaction', { [fact]: values.length > 0 ? values : null });
    }
  }

  #stateRecipients(): void {
    const recipients = [...this.#recipients.values()];
    this.#facts.beginRecipient();
    // An address that a rule produces would be the next recipient.
    this.#state('recipient', { 'recipient.index': recipients.length });
    // Where the author has written the address, the rule stands in the place of the grant.
    const grants = recipients.map(({ grant, rule }) => grant ?? rule ?? '');
    this.#state('transaction', { recipients: recipients.map(({ address }) => address), grant: [...new Set(grants)] });
  }
}
