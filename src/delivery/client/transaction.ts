import type { MessageContent } from '../../queue/message.ts';
import type { Timeouts } from '../settings.ts';
import type { NextHopConnection } from './connection.ts';
import { ConnectionLost } from './lost.ts';
import { sendContent } from './send-content.ts';

/*
 * One mail transaction, RFC 5321 3.3. If the next hop offers PIPELINING, MAIL, every RCPT and DATA go out
 * in one segment (RFC 2920); otherwise one at a time. Each recipient always ends with one answer: the
 * deciding reply, or the stage at which the connection was lost. If it is lost after the final dot, the
 * message may or may not have arrived: it counts as not delivered, and may arrive twice.
 */

export type Stage = 'mail' | 'rcpt' | 'data' | 'content' | 'dot';

export type RecipientReply = { readonly stage: Stage; readonly reply: string } | { readonly stage: Stage; readonly lost: ConnectionLost };

export interface TransactionPlan {
  /** Whole commands, `MAIL FROM:<a@b> SIZE=3`; one RCPT per recipient, at least one. */
  readonly mail: string;
  readonly rcpt: readonly string[];
  readonly content: MessageContent;
  readonly timeouts: Timeouts;
}

/** Runs a transaction over an idle connection. Never rejects. Answers are in the order of `plan.rcpt`. */
export const transact = (connection: NextHopConnection, plan: TransactionPlan): Promise<readonly RecipientReply[]> =>
  new Promise((resolve) => new Transaction(connection, plan, resolve).begin());

const isPositive = (reply: string): boolean => reply.startsWith('2');

class Transaction {
  readonly #connection: NextHopConnection;
  readonly #plan: TransactionPlan;
  readonly #resolve: (answers: readonly RecipientReply[]) => void;
  readonly #answers: (RecipientReply | undefined)[];
  #stage: Stage = 'mail';
  #refusal: RecipientReply | null = null;
  #deadline: NodeJS.Timeout | undefined;
  #done = false;

  constructor(connection: NextHopConnection, plan: TransactionPlan, resolve: (answers: readonly RecipientReply[]) => void) {
    this.#connection = connection;
    this.#plan = plan;
    this.#resolve = resolve;
    this.#answers = plan.rcpt.map(() => undefined);
  }

  begin(): void {
    this.#connection.onLost = (lost) => this.#lose(lost);
    if (!this.#connection.usable) {
      this.#lose(new ConnectionLost('closed', 'connection closed'));
      return;
    }
    this.#connection.messages += 1;
    this.#wait(this.#plan.timeouts.command);
    if (this.#connection.offers('PIPELINING')) this.#pipeline();
    else this.#connection.exchange([this.#plan.mail], (reply) => this.#mailAlone(reply));
  }

  #pipeline(): void {
    const { mail, rcpt } = this.#plan;
    this.#connection.exchange([mail, ...rcpt, 'DATA'], (reply, index) => {
      if (index === 0) this.#mailAnswered(reply);
      else if (index <= rcpt.length) this.#rcptAnswered(reply, index - 1);
      else this.#dataAnswered(reply);
    });
  }

  #mailAlone(reply: string): void {
    this.#mailAnswered(reply);
    if (this.#refusal) this.#finish();
    else this.#rcptAlone(0);
  }

  #rcptAlone(index: number): void {
    const command = this.#plan.rcpt[index];
    this.#wait(this.#plan.timeouts.command);
    if (command === undefined) {
      this.#dataAlone();
      return;
    }
    this.#connection.exchange([command], (reply) => {
      this.#rcptAnswered(reply, index);
      this.#rcptAlone(index + 1);
    });
  }

  #dataAlone(): void {
    if (this.#accepted().length === 0) {
      this.#abandon();
      return;
    }
    this.#wait(this.#plan.timeouts.data);
    this.#connection.exchange(['DATA'], (reply) => this.#dataAnswered(reply));
  }

  #mailAnswered(reply: string): void {
    if (!isPositive(reply)) this.#refusal = { stage: 'mail', reply };
    this.#stage = 'rcpt';
  }

  #rcptAnswered(reply: string, index: number): void {
    if (!this.#refusal && !isPositive(reply)) this.#answers[index] = { stage: 'rcpt', reply };
    if (index === this.#plan.rcpt.length - 1) this.#stage = 'data';
  }

  #dataAnswered(reply: string): void {
    const accepted = this.#accepted();
    if (this.#refusal || accepted.length === 0) this.#unwanted(reply);
    else if (reply.startsWith('3')) this.#send(accepted);
    else {
      this.#refusal = { stage: 'data', reply };
      this.#abandon();
    }
  }

  /** DATA went out although the envelope was refused. A next hop that still asks for content gets none (RFC 2920 3.1). */
  #unwanted(reply: string): void {
    if (!reply.startsWith('3')) {
      this.#abandon();
      return;
    }
    if (this.#refusal) this.#connection.close();
    else this.#connection.exchange(['.'], () => undefined);
    this.#finish();
  }

  #send(accepted: readonly number[]): void {
    const socket = this.#connection.socket;
    if (!socket) {
      this.#lose(new ConnectionLost('closed', 'connection closed'));
      return;
    }
    this.#stage = 'content';
    this.#wait(this.#plan.timeouts.block);
    this.#expectVerdicts(accepted);
    const sending = sendContent(socket, this.#plan.content, () => this.#wait(this.#plan.timeouts.block));
    if (sending === null) this.#dotSent();
    else
      sending.then(
        () => this.#dotSent(),
        (error: Error) => this.#broken(error),
      );
  }

  #dotSent(): void {
    if (this.#done) return;
    this.#stage = 'dot';
    this.#wait(this.#plan.timeouts.afterDot);
  }

  /**
   * One reply for all, or with LMTP one each, in the order of the accepted RCPTs (RFC 2033 4.2). A reply that comes
   * before all content is sent can only refuse; the rest must not be read as commands, so the connection is dropped.
   */
  #expectVerdicts(accepted: readonly number[]): void {
    const shared = !this.#connection.lmtp;
    let open = shared ? 1 : accepted.length;
    for (const index of shared ? accepted.slice(0, 1) : accepted) {
      this.#connection.expect((reply) => {
        const early = this.#stage === 'content';
        if (early && isPositive(reply)) this.#lose(new ConnectionLost('protocol', 'accepted before the end of the content', reply));
        else for (const each of shared ? accepted : [index]) this.#answers[each] = { stage: 'dot', reply };
        open -= 1;
        if (open === 0) this.#finish();
        if (early) this.#connection.close();
      });
    }
  }

  #accepted(): readonly number[] {
    return this.#answers.flatMap((answer, index) => (answer === undefined ? [index] : []));
  }

  /** Our own file could not be read. Without the dot the next hop discards the message, so the connection is dropped. */
  #broken(error: Error): void {
    this.#lose(new ConnectionLost('local', error.message));
    this.#connection.close();
  }

  /** The transaction never reached its content: resets the connection for the next one. */
  #abandon(): void {
    const connection = this.#connection;
    if (connection.usable) connection.exchange(['RSET'], (reply) => !isPositive(reply) && connection.close());
    this.#finish();
  }

  #wait(milliseconds: number): void {
    clearTimeout(this.#deadline);
    if (this.#done) return;
    this.#deadline = setTimeout(() => {
      this.#lose(new ConnectionLost('timeout', `no reply within ${milliseconds / 1000} s`));
      this.#connection.close();
    }, milliseconds);
  }

  #lose(lost: ConnectionLost): void {
    this.#refusal ??= { stage: this.#stage, lost };
    this.#finish();
  }

  #finish(): void {
    if (this.#done) return;
    this.#done = true;
    clearTimeout(this.#deadline);
    this.#connection.onLost = null;
    this.#resolve(this.#answers.map((answer) => answer ?? this.#refusal ?? this.#unanswered()));
  }

  #unanswered(): RecipientReply {
    return { stage: this.#stage, lost: new ConnectionLost('protocol', 'no answer') };
  }
}
