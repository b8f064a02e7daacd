import type { Policy } from '../policy/compile/policy.ts';
import { SessionFacts } from '../policy/decide/session.ts';
import { type Concessions, NO_CONCESSIONS } from './concessions.ts';
import { Evidence } from './evidence.ts';
import { bindSessionFacts } from './session-facts.ts';
import { SessionFinder } from './session-finder.ts';
import type { Endpoint, Entrance, Helo, SessionState } from './session-state.ts';
import type { SessionSettings } from './settings.ts';
import type { TlsState } from './tls-state.ts';
import { Transaction, type TransactionStart } from './transaction.ts';

export interface SessionStart {
  readonly id: string;
  readonly settings: SessionSettings;
  readonly listener: Entrance;
  readonly client: Endpoint;
  readonly server: Endpoint;
}

/**
 * One connection as policy sees it: what the client has said so far and what was decided. It has no socket;
 * `closed` tells when the client is gone.
 */
export class Session implements SessionState {
  readonly id: string;
  readonly settings: SessionSettings;
  readonly listener: Entrance;
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly facts = new SessionFacts();
  readonly finder: SessionFinder;
  readonly started: number;
  /** Collected where the decision log keeps it. */
  readonly evidence: Evidence | null;
  earlyTalker = false;
  helo: Helo | null = null;
  tls: TlsState | null = null;
  user: string | null = null;
  authMethod: string | null = null;
  /** The user name of the last AUTH attempt, while none has succeeded. */
  attemptedLogin: string | null = null;
  /** The rule that refused the current command, if a rule did: the decision log then has it. */
  refusedBy: string | null = null;
  transaction: Transaction | null = null;
  #transactions = 0;
  #closed: AbortController | null = null;
  #isClosed = false;
  #ended: Transaction | null = null;

  constructor(start: SessionStart) {
    this.id = start.id;
    this.settings = start.settings;
    this.listener = start.listener;
    this.client = start.client;
    this.server = start.server;
    this.started = start.settings.now();
    const keeping = start.settings.judged?.keeping() ?? null;
    this.evidence = keeping === null ? null : new Evidence(keeping, this.started);
    this.finder = new SessionFinder(start.settings, { message: () => this.transaction?.message ?? null, evidence: this.evidence });
    bindSessionFacts(this);
  }

  /** From MAIL to the end of the transaction its own policy, even across reloads; otherwise the current one. */
  get policy(): Policy {
    return this.transaction?.policy ?? this.settings.policy();
  }

  get concessions(): Concessions {
    return this.settings.concessions?.(this.listener.name, this.client.ip) ?? NO_CONCESSIONS;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The transaction that is open, or that the current command has ended: the one log lines refer to. */
  get subject(): Transaction | null {
    return this.transaction ?? this.#ended;
  }

  /** Call at each new command: forgets the transaction that the one before ended. */
  forgetSubject(): void {
    this.refusedBy = null;
    this.#ended = null;
  }

  /** Aborted when the client has left. */
  get closed(): AbortSignal {
    this.#closed ??= new AbortController();
    if (this.#isClosed) this.#closed.abort();
    return this.#closed.signal;
  }

  close(): void {
    this.#isClosed = true;
    this.#closed?.abort();
  }

  /** Call before MAIL is evaluated: from here on facts and policy version belong to the transaction. */
  beginTransaction(start: TransactionStart): Transaction {
    const policy = this.settings.policy();
    this.#transactions++;
    this.transaction = new Transaction(`${this.id}.${this.#transactions}`, policy, start);
    this.finder.forget();
    this.evidence?.begin(this.settings.now(), start.sender);
    this.facts.beginTransaction();
    return this.transaction;
  }

  /** Writes down what the transaction was judged by, or the session before its first one. */
  noteJudged(): void {
    if (this.evidence === null) return;
    const { id, settings, facts, policy, transaction } = this;
    const entry = this.evidence.end({
      time: new Date(settings.now()).toISOString(),
      connection: id,
      transaction: transaction?.id,
      queueId: transaction?.queueId ?? undefined,
      policy: policy.version,
      facts,
      message: transaction?.message ?? null,
    });
    if (entry !== null) settings.judged?.write(entry);
  }

  /** Ends the transaction and drops its facts. */
  endTransaction(): void {
    this.noteJudged();
    this.#ended = this.transaction;
    this.transaction = null;
    this.finder.forget();
    this.facts.endTransaction();
  }
}
