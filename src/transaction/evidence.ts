import type { ReceivedMessage } from '../message/incoming.ts';
import type { Need } from '../policy/decision.ts';
import type { FactDefinition } from '../policy/fact-definition.ts';
import { facts as definitions } from '../policy/facts/index.ts';
import { ENDING_HOOKS, type Hook } from '../policy/hook.ts';
import { type FactSource, type FactValue, isCollection } from '../policy/value.ts';
import type { JudgedEntry, JudgedFacts, JudgedOutcome, JudgedRecipient, JudgedValue } from './judged.ts';
import { judgedValue } from './judged.ts';
import { judgedHeader } from './judged-header.ts';
import type { Outcome } from './outcome.ts';

/** What to keep of a transaction. */
export interface Keeping {
  readonly header: boolean;
  /** Names of facts to leave out. */
  readonly omit: ReadonlySet<string>;
}

/** The subject of a line: a transaction, or a session that never came to one. */
export interface Judged {
  readonly time: string;
  readonly connection: string;
  readonly transaction: string | undefined;
  readonly queueId: string | undefined;
  readonly policy: string;
  readonly facts: FactSource;
  readonly message: ReceivedMessage | null;
}

/** Recipients in one line; a client may name as many as it likes. */
const MOST_RECIPIENTS = 100;

/** Characters of one text, and elements of one collection. */
const MOST_TEXT = 2048;
const MOST_ELEMENTS = 64;

/** Facts that come about anew when the transaction is judged again. */
const MADE_AGAIN: ReadonlySet<string> = new Set([
  ...['sender.address', 'recipient.address', 'recipient.index', 'recipients'],
  ...['policy.version', 'time.hour', 'time.weekday', 'time.rfc5322'],
]);

const SESSION_FACTS = [...definitions.values()].flatMap(({ name, provider }) =>
  provider === 'session' && !MADE_AGAIN.has(name) ? [name] : [],
);

const isTooLong = (value: FactValue): boolean => {
  if (typeof value === 'string') return value.length > MOST_TEXT;
  return isCollection(value) && (value.length > MOST_ELEMENTS || JSON.stringify(value).length > MOST_TEXT);
};

const judgedOutcome = (outcome: Exclude<Outcome, { kind: 'go on' }>, by: string): JudgedOutcome =>
  outcome.kind === 'refuse' ? { kind: 'refuse', ...outcome.reply, by: outcome.by } : { kind: outcome.kind, by };

/** The hook runs after a failed check of the password as well; that the password was wrong cannot be judged again. */
const isWrongLogin = (hook: Hook, facts: FactSource): boolean => hook === 'auth' && (facts.get('auth.user') ?? null) === null;

/** Collects what a session is judged by, transaction after transaction; of bounded size, whatever a client does. */
export class Evidence {
  readonly #keeping: Keeping;
  /** Look-ups that all transactions share. */
  readonly #ofConnection: Record<string, JudgedValue> = {};
  #ofTransaction: Record<string, JudgedValue> = {};
  #ofRecipient: Record<string, JudgedValue> | null = null;
  #recipients: JudgedRecipient[] = [];
  #moreRecipients = 0;
  #hook: Hook = 'connect_init';
  #outcome: JudgedEntry['outcome'];
  /** Facts of the session when it was refused. */
  #stated: Record<string, JudgedValue> | null = null;
  #began: number;
  #sender: string | null = null;
  #isNews = false;

  constructor(keeping: Keeping, now: number) {
    this.#keeping = keeping;
    this.#began = now;
  }

  /** MAIL; `sender` is empty for the null sender. */
  begin(now: number, sender: string): void {
    this.#began = now;
    this.#sender = sender;
    this.#outcome = undefined;
    this.#stated = null;
  }

  /** A look-up was made, a limit or a greylist asked. */
  found(need: Need, definition: FactDefinition | null, value: FactValue): void {
    if (!isTooLong(value) && !this.#keeping.omit.has(need.name)) this.#factsOf(definition)[need.name] = judgedValue(value);
  }

  #factsOf(definition: FactDefinition | null): Record<string, JudgedValue> {
    if (definition?.lifetime === 'connection' || this.#sender === null) return this.#ofConnection;
    return definition?.lifetime === 'transaction' ? this.#ofTransaction : (this.#ofRecipient ?? this.#ofTransaction);
  }

  /** RCPT: what is found out from here on may concern this recipient alone. */
  beginRecipient(): void {
    this.#ofRecipient = {};
  }

  /** `grant`: the one that let it in, if it was let in. */
  endRecipient(address: string, grant: string, outcome: Outcome): void {
    const facts = this.#ofRecipient ?? {};
    this.#ofRecipient = null;
    this.#hook = 'rcpt';
    this.#isNews = true;
    if (this.#recipients.length === MOST_RECIPIENTS) {
      this.#moreRecipients++;
      return;
    }
    const refused = outcome.kind === 'go on' ? undefined : judgedOutcome(outcome, grant);
    const found = Object.keys(facts).length === 0 ? undefined : facts;
    const named = this.#keeping.omit.has('recipient.address') ? '' : address;
    this.#recipients.push({ address: named, by: refused?.by ?? grant, ...(refused && { refused }), ...(found && { facts: found }) });
  }

  /** Any hook but `rcpt` has run; `by` decided. A refusal may take back what the client said, so the facts are noted before. */
  ran(hook: Hook, { outcome, by, facts }: { readonly outcome: Outcome; readonly by: string; readonly facts: FactSource }): void {
    if (ENDING_HOOKS.includes(hook) || isWrongLogin(hook, facts)) return;
    this.#hook = hook;
    if (outcome.kind === 'go on') return;
    this.#isNews = true;
    this.#outcome ??= { hook, ...judgedOutcome(outcome, by) };
    this.#stated ??= this.#said(facts);
  }

  /** The line about what ends, or `null` if nothing was decided; begins the next one. */
  end({ facts, message, ...subject }: Judged): JudgedEntry | null {
    const { header, omit } = this.#keeping;
    const entry = this.#isNews && {
      time: subject.time,
      event: 'judged' as const,
      connection: subject.connection,
      transaction: subject.transaction,
      queueId: subject.queueId,
      policy: subject.policy,
      began: this.#began,
      hook: this.#hook,
      outcome: this.#outcome,
      facts: this.#kept(this.#stated ?? this.#said(facts), message),
      recipients: this.#recipients.length === 0 ? undefined : this.#recipients,
      moreRecipients: this.#moreRecipients === 0 ? undefined : this.#moreRecipients,
      omitted: omit.size === 0 ? undefined : [...omit],
      header: message !== null && header ? judgedHeader(message.header, omit) : undefined,
    };
    this.#forget();
    return entry || null;
  }

  #forget(): void {
    this.#ofTransaction = {};
    this.#recipients = [];
    this.#moreRecipients = 0;
    this.#outcome = undefined;
    this.#stated = null;
    this.#sender = null;
    this.#isNews = false;
  }

  #said(facts: FactSource): Record<string, JudgedValue> {
    const kept: Record<string, JudgedValue> = {};
    const { omit } = this.#keeping;
    for (const fact of SESSION_FACTS) {
      const value = facts.get(fact);
      // What is absent or false goes without saying.
      if (value && !omit.has(fact) && !isTooLong(value)) kept[fact] = judgedValue(value);
    }
    // As at MAIL; `null` for the null sender.
    if (this.#sender !== null && !omit.has('sender.address')) kept['sender.address'] = this.#sender || null;
    return kept;
  }

  #kept(kept: Record<string, JudgedValue>, message: ReceivedMessage | null): JudgedFacts {
    if (message !== null && !this.#keeping.omit.has('message.size')) kept['message.size'] = message.size;
    return Object.assign(kept, this.#ofConnection, this.#ofTransaction);
  }
}
