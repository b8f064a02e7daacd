import type { MessageContent, RecipientState } from '../queue/message.ts';
import { commandsFor, type OutgoingMail } from './client/commands.ts';
import type { NextHopConnection } from './client/connection.ts';
import { type Endpoint, endpointName } from './client/endpoint.ts';
import { ConnectionLost } from './client/lost.ts';
import { openConnection } from './client/open.ts';
import { type RecipientReply, transact } from './client/transaction.ts';
import type { Job } from './job.ts';
import type { ConnectionPool } from './pool.ts';
import type { RecipientLimits } from './recipient-limits.ts';
import { type Circumstances, type Delivered, failure, lossResult, maillessResult, type RecipientResult, replyResult } from './result.ts';
import type { DeliverySettings } from './settings.ts';

/*
 * One attempt over SMTP or LMTP. An idle connection from an earlier message is used first; if it turns out to be
 * closed, nothing is lost. Then the hosts are tried in order. Recipients that one host deferred or never answered
 * for go to the next, but never after a final dot without an answer. Only a host with another name is asked about
 * them again, and at most two are.
 */

/** The result of an attempt. `reached`: some host answered, which matters for the back-off of the destination. */
export interface AttemptResult {
  readonly results: ReadonlyMap<RecipientState, RecipientResult>;
  readonly reached: boolean;
}

export interface NetworkTools {
  readonly pool: ConnectionPool;
  readonly settings: DeliverySettings;
  readonly recipientLimits: RecipientLimits;
  readonly now: () => number;
  /** Awaited before the first transaction, once the destination has been reached. */
  readonly admitted: () => Promise<void>;
}

const SESSION_LIMIT = 2;

export class NetworkAttempt {
  readonly #job: Job;
  readonly #content: MessageContent;
  readonly #tools: NetworkTools;
  readonly #results = new Map<RecipientState, RecipientResult>();
  #reached = false;
  #admitted = false;
  #sessions = 0;
  /** Endpoints that greeted with 521, and what the last of them said. */
  #mailless: { readonly count: number; readonly result: RecipientResult } | null = null;

  constructor(job: Job, content: MessageContent, tools: NetworkTools) {
    this.#job = job;
    this.#content = content;
    this.#tools = tools;
  }

  /** Uses an idle connection; `null` if there is none or it turned out unusable and nothing was decided. */
  async overIdle(): Promise<AttemptResult | null> {
    const connection = this.#tools.pool.take(this.#job.key);
    if (!connection) return null;
    await this.#converse(connection);
    if (this.#reached && !this.#isWornOut()) return this.#attempt();
    this.#reached = false;
    this.#results.clear();
    this.#admitted = false;
    this.#sessions = 0;
    return null;
  }

  /** The host refused MAIL because it takes no more messages over this connection; a new one may work. It said nothing about the message. */
  #isWornOut(): boolean {
    return this.#job.recipients.every((recipient) => {
      const result = this.#results.get(recipient);
      return result?.result === 'deferred' && result.stage === 'mail';
    });
  }

  /** Tries the endpoints in order. Never rejects. */
  async overEndpoints(endpoints: readonly Endpoint[]): Promise<AttemptResult> {
    let asked: string | null = null;
    for (const endpoint of endpoints) {
      if (this.#open().length === 0 || this.#sessions >= SESSION_LIMIT) break;
      if (endpoint.name !== asked && (await this.#tryEndpoint(endpoint))) asked = endpoint.name;
    }
    if (this.#mailless?.count === endpoints.length) this.#record(this.#open(), this.#mailless.result);
    return this.#attempt();
  }

  /** True if the host has answered about the message. */
  async #tryEndpoint(endpoint: Endpoint): Promise<boolean> {
    const remote = endpointName(endpoint);
    const { pool, settings } = this.#tools;
    const opening = { timeouts: settings.timeouts, adopt: (opened: NextHopConnection) => pool.adopt(opened) };
    const connection = await openConnection(endpoint, opening).catch((error: unknown) => this.#unreachable(error, remote));
    if (!connection) return false;
    connection.remote = remote;
    await this.#converse(connection);
    return this.#reached;
  }

  /** Says less than a host that answered, so earlier results stand. */
  #unreachable(error: unknown, remote: string): null {
    const lost = error instanceof ConnectionLost ? error : new ConnectionLost('local', String(error));
    const silent = lost.reason === 'unreachable' || lost.reason === 'timeout';
    const recipients = this.#open().filter((recipient) => !silent || !this.#results.has(recipient));
    const circumstances = this.#circumstances(remote);
    const mailless = maillessResult(lost, circumstances);
    if (mailless) this.#mailless = { count: 1 + (this.#mailless?.count ?? 0), result: mailless };
    this.#record(recipients, lossResult(lost, null, circumstances));
    return null;
  }

  /** One transaction for the open recipients, followed by another for those that were too many for it. */
  async #converse(connection: NextHopConnection): Promise<void> {
    this.#sessions += 1;
    for (let open = this.#open(); open.length > 0; open = this.#leftOver(open, connection)) await this.#transact(open, connection);
    this.#tools.pool.giveBack(this.#job.key, connection, this.#tools.settings);
  }

  /** Empty if the host took no recipients at all: the next transaction would fare no better. */
  #leftOver(asked: readonly RecipientState[], connection: NextHopConnection): readonly RecipientState[] {
    const left = asked.filter((recipient) => {
      const result = this.#results.get(recipient);
      return result?.result === 'deferred' && result.tooMany === true;
    });
    const taken = asked.length - left.length;
    const isLimit = left.length > 0 && left[0] === asked[taken];
    if (taken > 0 && isLimit) this.#tools.recipientLimits.learn(this.#job.key, taken, this.#tools.now());
    return taken > 0 && connection.usable ? left : [];
  }

  async #transact(recipients: readonly RecipientState[], connection: NextHopConnection): Promise<void> {
    const { envelope, size } = this.#job.record;
    const outgoing = { envelope, size, recipients, content: this.#content, ...this.#eightBit };
    const commands = await commandsFor(outgoing, connection).catch(unreadable);
    const circumstances = this.#circumstances(connection.remote);
    if (!this.#admitted) await this.#tools.admitted();
    this.#admitted = true;
    if (commands instanceof ConnectionLost) this.#record(recipients, lossResult(commands, null, circumstances));
    else if (!commands.fits) this.#record(recipients, failure(commands.enhanced, commands.text, circumstances));
    else {
      const plan = { ...commands, timeouts: this.#tools.settings.timeouts };
      const answers = await transact(connection, plan);
      this.#take(answers, recipients, { duty: dutyOf(connection), circumstances });
      this.#reached ||= !answers.every(isUnserved);
    }
    this.#reached ||= commands instanceof ConnectionLost || !commands.fits;
  }

  #take(
    answers: readonly RecipientReply[],
    recipients: readonly RecipientState[],
    seen: { duty: Delivered['duty']; circumstances: Circumstances },
  ): void {
    recipients.forEach((recipient, index) => {
      const answer = answers[index];
      if (answer) this.#results.set(recipient, replyResult(answer, seen.duty, seen.circumstances));
    });
  }

  get #eightBit(): Pick<OutgoingMail, 'eightBit'> {
    const { eightBit } = this.#job.route;
    return eightBit === undefined ? {} : { eightBit };
  }

  /** Recipients that another host may still accept. */
  #open(): readonly RecipientState[] {
    return this.#job.recipients.filter((recipient) => {
      const result = this.#results.get(recipient);
      return result === undefined || (result.result === 'deferred' && result.elsewhere);
    });
  }

  #record(recipients: readonly RecipientState[], result: RecipientResult): void {
    for (const recipient of recipients) this.#results.set(recipient, result);
  }

  #circumstances(remote: string): Circumstances {
    return { remote, at: this.#tools.now() };
  }

  #attempt(): AttemptResult {
    return { results: this.#results, reached: this.#reached };
  }
}

/** The body had to be scanned and its file could not be read. */
const unreadable = (error: unknown): ConnectionLost => new ConnectionLost('local', String(error));

/** Closed, silent or busy (421) before it saw the message. */
const isUnserved = (answer: RecipientReply): boolean => answer.stage === 'mail' && ('lost' in answer || answer.reply.startsWith('421'));

const dutyOf = (connection: NextHopConnection): Delivered['duty'] => {
  if (connection.offers('DSN')) return 'passed';
  return connection.lmtp ? 'final' : 'relayed';
};
