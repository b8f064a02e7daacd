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
import { type Circumstances, type Delivered, failure, lossResult, type RecipientResult, replyResult } from './result.ts';
import type { DeliverySettings } from './settings.ts';

/*
 * One attempt over SMTP or LMTP. A connection that is still open from the last message is used first;
 * if it turns out to be closed, only the try is lost. Then the hosts in their order: the next one is asked
 * for those recipients that the one before deferred or could not be asked about, but never after a final dot
 * whose answer is missing. Only a host of another name is asked again, and at most two are.
 */

/** How far an attempt came: `reached` tells whether any host talked to us, for the back-off of the destination. */
export interface AttemptResult {
  readonly results: ReadonlyMap<RecipientState, RecipientResult>;
  readonly reached: boolean;
}

export interface NetworkTools {
  readonly pool: ConnectionPool;
  readonly settings: DeliverySettings;
  readonly recipientLimits: RecipientLimits;
  readonly now: () => number;
  /** Awaited before the first transaction: the destination has been reached. */
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

  constructor(job: Job, content: MessageContent, tools: NetworkTools) {
    this.#job = job;
    this.#content = content;
    this.#tools = tools;
  }

  /** Uses an idle connection; `null` if there is none or it turned out unusable, and nothing has been decided. */
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

  /** The host takes no more messages over this connection, maybe over another: it said so at MAIL, of the message nothing. */
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
    return this.#attempt();
  }

  /** True when the host has had its say about the message. */
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

  /** Says less than a host that was reached: what is known already stands. */
  #unreachable(error: unknown, remote: string): null {
    const lost = error instanceof ConnectionLost ? error : new ConnectionLost('local', String(error));
    const silent = lost.reason === 'unreachable' || lost.reason === 'timeout';
    const recipients = this.#open().filter((recipient) => !silent || !this.#results.has(recipient));
    this.#record(recipients, lossResult(lost, null, this.#circumstances(remote)));
    return null;
  }

  /** One transaction for those recipients that are open, and at once another for those that were too many for it. */
  async #converse(connection: NextHopConnection): Promise<void> {
    this.#sessions += 1;
    for (let open = this.#open(); open.length > 0; open = this.#leftOver(open, connection)) await this.#transact(open, connection);
    this.#tools.pool.giveBack(this.#job.key, connection, this.#tools.settings);
  }

  /** None if the transaction had room for nobody: the next would not either. */
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

  /** Recipients another host may still decide about. */
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

/** The body had to be looked through, and its file did not let us. */
const unreadable = (error: unknown): ConnectionLost => new ConnectionLost('local', String(error));

/** Closed, silent or busy (421) before it took notice of the message. */
const isUnserved = (answer: RecipientReply): boolean => answer.stage === 'mail' && ('lost' in answer || answer.reply.startsWith('421'));

const dutyOf = (connection: NextHopConnection): Delivered['duty'] => {
  if (connection.offers('DSN')) return 'passed';
  return connection.lmtp ? 'final' : 'relayed';
};
