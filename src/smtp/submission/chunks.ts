import type { Eventually } from '../../transaction/eventually.ts';
import { REPLIES } from '../../transaction/replies.ts';
import { type Answer, answer } from '../answer.ts';
import type { Chunk, ChunkReceivers, Receiver } from '../receiver.ts';
import type { SmtpSession } from '../session/session.ts';
import { LineCheck } from '../wire/line-check.ts';
import { LineFeeds } from '../wire/loose-message.ts';
import type { ByteFault, ContentReader, MessagePart } from '../wire/message-bytes.ts';
import type { Reception } from './reception.ts';

const CRLF = Buffer.from('\r\n');

/** Reads the counted bytes of one chunk (RFC 3030 2); nothing in them is a command, and no dots are unstuffed. */
export class ChunkReader implements ContentReader {
  #left: number;
  readonly #check: LineCheck;
  readonly #mending: LineFeeds | null;

  constructor(length: number, check: LineCheck, mending: LineFeeds | null = null) {
    this.#left = length;
    this.#check = check;
    this.#mending = mending;
  }

  get fault(): ByteFault | null {
    return this.#check.fault;
  }

  push(bytes: Buffer): MessagePart {
    const came = bytes.subarray(0, this.#left);
    this.#left -= came.length;
    const content = this.#mending?.mend(came) ?? came;
    this.#check.look(content);
    return { content, end: this.#left === 0 ? came.length : -1 };
  }
}

/** A message received chunk by chunk, from the first BDAT to the LAST one or the first that fails. */
export class ChunkedMessage implements ChunkReceivers {
  readonly check = new LineCheck();
  readonly mending: LineFeeds | null;
  readonly #session: SmtpSession;
  readonly #reception: Reception;

  constructor(session: SmtpSession, reception: Reception) {
    this.#session = session;
    this.#reception = reception;
    this.mending = session.concessions.bareLf ? new LineFeeds() : null;
  }

  get held(): number {
    return this.#reception.held;
  }

  receiver(chunk: Chunk): Receiver {
    return {
      held: 0,
      write: (bytes) => this.#reception.write(bytes),
      finish: () => this.#finish(chunk),
      discard: () => this.discard(),
    };
  }

  discard(): Promise<void> {
    return this.#reception.discard();
  }

  #finish({ length, isLast }: Chunk): Eventually<Answer> {
    if (isLast) this.#complete();
    if (!isLast && this.check.fault === null && !this.#reception.isTooBig)
      return answer({ ...REPLIES.ok, text: `${length} octets received` });
    this.#session.chunks = null;
    return this.#reception.finish(this.check.fault);
  }

  /** The next hop may get the message by DATA, which cannot carry an unterminated last line. */
  #complete(): void {
    this.check.end();
    if (!this.check.atLineStart && this.check.fault === null) void this.#reception.write(CRLF);
  }
}

/** Reads and drops the bytes of a refused chunk; only then may the answer be given (RFC 3030 2). */
export const swallowing = (said: Answer): Receiver => ({
  held: 0,
  write: () => undefined,
  finish: () => said,
  discard: async () => undefined,
});
