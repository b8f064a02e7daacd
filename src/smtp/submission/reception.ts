import { HeaderTooLarge, IncomingMessage } from '../../message/incoming.ts';
import type { Reply } from '../../policy/reply.ts';
import { type Answer, answer } from '../answer.ts';
import { after, type Eventually, guarded } from '../eventually.ts';
import { REPLIES } from '../replies.ts';
import { afterTransaction } from '../session/lifecycle.ts';
import type { Session } from '../session/session.ts';
import type { Transaction } from '../session/transaction.ts';
import type { ByteFault } from '../wire/message-bytes.ts';
import { refused, type Submission, submit } from './submission.ts';

/** Where the bytes of a message go. */
export interface Receiver {
  /** A promise: wait for it before more is brought. */
  write(bytes: Buffer): Promise<void> | undefined;
  /** All has come; `fault` is the first of its bytes that no message may hold. */
  finish(fault: ByteFault | null): Eventually<Answer>;
  /** Whatever has arrived is given up, file and all. */
  discard(): Promise<void>;
}

/**
 * A message on its way from the socket. Whatever is wrong with it is answered at its end, since nobody
 * may speak before the final dot; until then what can no longer be used is counted and dropped.
 */
export class Reception implements Receiver {
  readonly #session: Session;
  readonly #transaction: Transaction;
  readonly #incoming: IncomingMessage;
  readonly #limit: number;
  #size = 0;
  #settled = false;

  constructor(session: Session, transaction: Transaction) {
    const limits = session.settings.limits();
    this.#session = session;
    this.#transaction = transaction;
    this.#limit = limits.messageSize;
    this.#incoming = new IncomingMessage({ headerSize: limits.headerSize, files: session.settings.files });
  }

  get isTooBig(): boolean {
    return this.#size > this.#limit;
  }

  write(bytes: Buffer): Promise<void> | undefined {
    const before = this.#size;
    this.#size += bytes.length;
    if (this.#size <= this.#limit) return this.#incoming.write(bytes);
    return before <= this.#limit ? this.discard() : undefined;
  }

  /** Ends the transaction whatever the answer. */
  finish(fault: ByteFault | null): Eventually<Answer> {
    const submission = guarded(
      () => this.#judged(fault),
      (err) => refused(this.#failed(err)),
    );
    return after(submission, ({ said, kept }) => {
      if (kept) this.#settled = true;
      return after(kept ? undefined : this.discard(), () => afterTransaction(this.#session, said));
    });
  }

  async discard(): Promise<void> {
    if (this.#settled) return;
    this.#settled = true;
    await this.#incoming.discard();
  }

  #judged(fault: ByteFault | null): Eventually<Submission> {
    if (this.isTooBig) return refused(this.#because(REPLIES.tooBig, `more than ${this.#limit} bytes`));
    if (fault !== null) return refused(this.#because(REPLIES.badBytes, fault));
    return after(this.#incoming.finish(), (message) => {
      this.#transaction.message = message;
      return submit(this.#session, this.#transaction, message);
    });
  }

  #because(reply: Reply, reason: string): Answer {
    this.#session.settings.log.info({ connection: this.#session.id, transaction: this.#transaction.id, reason }, 'message refused');
    return answer(reply);
  }

  #failed(err: unknown): Answer {
    if (err instanceof HeaderTooLarge) return this.#because(REPLIES.headerTooBig, err.message);
    this.#session.settings.log.error(
      { err, connection: this.#session.id, transaction: this.#transaction.id },
      'message could not be taken',
    );
    return answer(isDiskFull(err) ? REPLIES.diskFull : REPLIES.localProblem);
  }
}

const isDiskFull = (err: unknown): boolean =>
  err instanceof Error && 'code' in err && (err.code === 'ENOSPC' || err.code === 'EDQUOT' || err.code === 'MDB_MAP_FULL');
