import { HeaderTooLarge, IncomingMessage } from '../../message/incoming.ts';
import type { Reply } from '../../policy/reply.ts';
import { after, type Eventually, guarded } from '../../transaction/eventually.ts';
import { faultRefusal } from '../../transaction/fault.ts';
import { clipped } from '../../transaction/identity.ts';
import { REPLIES } from '../../transaction/replies.ts';
import { identityOf } from '../../transaction/session-identity.ts';
import type { AcceptedMessage } from '../../transaction/settings.ts';
import { submit } from '../../transaction/submit.ts';
import type { Transaction } from '../../transaction/transaction.ts';
import { type Answer, answer, refusal } from '../answer.ts';
import type { Receiver } from '../receiver.ts';
import { noteEvent, noteRefusal } from '../session/event.ts';
import { afterTransaction } from '../session/lifecycle.ts';
import type { SmtpSession } from '../session/session.ts';
import type { ByteFault } from '../wire/message-bytes.ts';

/** What the client is told about its message, and whether it is queued: the queue then owns its body file. */
interface Taken {
  readonly said: Answer;
  readonly kept: boolean;
}

const refused = (said: Answer): Taken => ({ said, kept: false });

/** Discarded and quarantined mail is answered like any other, so the client cannot tell. */
const queuedAs = (id: string): Answer => answer({ ...REPLIES.ok, text: `Ok: queued as ${id}` });

/**
 * A message being received. Errors are answered at its end, since no reply may be sent before the final
 * dot; until then data that can no longer be used is counted and dropped.
 */
export class Reception implements Receiver {
  readonly #session: SmtpSession;
  readonly #transaction: Transaction;
  readonly #incoming: IncomingMessage;
  readonly #limit: number;
  #size = 0;
  #settled = false;

  constructor(session: SmtpSession, transaction: Transaction) {
    const limits = session.settings.limits();
    this.#session = session;
    this.#transaction = transaction;
    this.#limit = limits.messageSize;
    this.#incoming = new IncomingMessage({ headerSize: limits.headerSize, bodies: session.settings.bodies });
  }

  get held(): number {
    return this.#incoming.held;
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

  /** Ends the transaction, whatever the answer. */
  finish(fault: ByteFault | null): Eventually<Answer> {
    const taken = guarded(
      () => this.#decided(fault),
      (err) => refused(this.#failed(err)),
    );
    return after(taken, ({ said, kept }) => {
      if (kept) this.#settled = true;
      this.#transaction.isAnswered = true;
      return after(kept ? undefined : this.discard(), () => afterTransaction(this.#session, said));
    });
  }

  async discard(): Promise<void> {
    if (this.#settled) return;
    this.#settled = true;
    await this.#incoming.discard();
  }

  #decided(fault: ByteFault | null): Eventually<Taken> {
    if (this.isTooBig) return refused(this.#because(REPLIES.tooBig, `more than ${this.#limit} bytes`));
    if (fault !== null) return refused(this.#because(REPLIES.badBytes, fault));
    return after(this.#incoming.finish(), (message) =>
      after(submit(this.#session, this.#transaction, message), (submission) => {
        if (submission.kind === 'refuse') return refused(refusal(submission));
        return submission.kind === 'discard' ? this.#discarded(submission.id) : this.#queue(submission.message);
      }),
    );
  }

  #discarded(id: string): Taken {
    noteEvent(this.#session, 'discarded');
    return refused(queuedAs(id));
  }

  async #queue(message: AcceptedMessage): Promise<Taken> {
    await this.#session.settings.accept(message);
    const { id, state, reason } = message;
    noteEvent(this.#session, state, reason === '' ? {} : { reason: clipped(reason) });
    return { said: queuedAs(id), kept: true };
  }

  #because(reply: Reply, reason: string): Answer {
    const said = answer(reply);
    noteRefusal(this.#session, said, reason);
    return said;
  }

  #failed(err: unknown): Answer {
    const refusal = faultRefusal(err);
    if (err instanceof HeaderTooLarge) return this.#because(refusal.reply, err.message);
    this.#session.settings.log.error({ err, ...identityOf(this.#session) }, 'message intake failed');
    return answer(refusal.reply);
  }
}
