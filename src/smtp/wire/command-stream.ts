import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';
import type { ByteFault, ContentReader } from './message-bytes.ts';
import { release } from './release.ts';

/** Why a line is not accepted as a command. */
export type LineFault = 'bare line feed' | 'too long';

/** Receives what the stream reads. A returned promise pauses the stream until it resolves; none may reject. */
export interface Listener {
  /** Without CR LF; `isBare`: it ended in a bare line feed. */
  command(line: Buffer, isBare: boolean): Promise<void> | undefined;
  /** A bare line feed may end a command. */
  takesBareLf(): boolean;
  badLine(fault: LineFault): Promise<void> | undefined;
  /** Must copy what it keeps: the memory is released as soon as it returns. */
  content(part: Buffer): Promise<void> | undefined;
  endOfMessage(fault: ByteFault | null): Promise<void> | undefined;
  /** The client sent something before its turn. */
  early(): void;
  /** All input so far is processed or waiting: time to send replies. */
  flush(): void;
  /** Too many unread replies; resolves when the client has read some. `undefined`: not full. */
  full(): Promise<void> | undefined;
  /** Bytes that a line may have at this point. */
  lineLimit(): number;
  /** False: it is other clients' turn. */
  mayGoOn(): boolean;
  /** Resolves when it is this client's turn again. */
  turn(): Promise<void>;
}

const CR = 13;
const LF = 10;

/**
 * Reads commands and messages from a socket in order, one at a time, with the back-pressure of the stream.
 * Only CR LF ends a line; one that is too long is dropped to its end. What arrives before the greeting is
 * held back. The unfinished line of a client that left is not a command.
 */
export class CommandStream extends SMTPStream {
  readonly #listener: Listener;
  #rest: Buffer = Buffer.alloc(0);
  #overlong = false;
  #message: ContentReader | null = null;
  #held: (() => void) | null = null;
  #isOpen: boolean;

  constructor(listener: Listener, isOpen: boolean) {
    super();
    this.#listener = listener;
    this.#isOpen = isOpen;
  }

  /** Bytes in memory. */
  get held(): number {
    return this.#rest.length + this.writableLength;
  }

  /** The client may speak now. */
  open(): void {
    this.#isOpen = true;
    this.#held?.();
    this.#held = null;
  }

  /** What follows is a message, until the reader says otherwise. */
  receive(reader: ContentReader): void {
    this.#message = reader;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding | 'buffer', next: (error?: Error | null) => void): void {
    if (this.#isOpen) {
      this.#consume(chunk, next);
    } else {
      this.#listener.early();
      this.#held = () => this.#consume(chunk, next);
    }
  }

  override _flushData(): void {
    this.#rest = Buffer.alloc(0);
  }

  #consume(chunk: Buffer, next: () => void): void {
    let rest: Buffer | null = this.#rest.length > 0 && this.#message === null ? Buffer.concat([this.#rest, chunk]) : chunk;
    this.#rest = Buffer.alloc(0);
    while (rest !== null && rest.length > 0 && !this.isClosed) {
      const consumed: Consumed = this.#listener.mayGoOn() ? this.#next(rest) : { wait: this.#listener.turn(), rest };
      const wait = consumed.wait ?? this.#listener.full();
      const behind: Buffer | null = consumed.rest;
      if (wait !== undefined) {
        this.#listener.flush();
        void wait.then(() => this.#consume(behind ?? Buffer.alloc(0), next));
        return;
      }
      rest = behind;
    }
    this.#listener.flush();
    const drained = this.#listener.full();
    if (drained === undefined) next();
    else void drained.then(next);
  }

  #next(bytes: Buffer): Consumed {
    return this.#message === null ? this.#line(bytes) : this.#part(bytes, this.#message);
  }

  #line(bytes: Buffer): Consumed {
    const end = bytes.indexOf(LF);
    if (end < 0) return this.#unfinished(bytes);
    const rest = bytes.subarray(end + 1);
    const overlong = this.#overlong || end > this.#listener.lineLimit();
    this.#overlong = false;
    if (overlong) return { wait: this.#listener.badLine('too long'), rest };
    const isBare = end === 0 || bytes[end - 1] !== CR;
    if (isBare && !this.#listener.takesBareLf()) return { wait: this.#listener.badLine('bare line feed'), rest };
    return { wait: this.#listener.command(bytes.subarray(0, isBare ? end : end - 1), isBare), rest };
  }

  #unfinished(bytes: Buffer): Consumed {
    this.#overlong ||= bytes.length > this.#listener.lineLimit();
    this.#rest = this.#overlong ? Buffer.alloc(0) : bytes;
    return { wait: undefined, rest: null };
  }

  #part(bytes: Buffer, message: ContentReader): Consumed {
    const { content, end } = message.push(bytes);
    const wait = content.length > 0 ? this.#listener.content(content) : undefined;
    if (end < 0) {
      release(bytes);
      return { wait, rest: null };
    }
    this.#message = null;
    const finish = (): Promise<void> | undefined => this.#listener.endOfMessage(message.fault);
    return { wait: wait === undefined ? finish() : wait.then(finish), rest: bytes.subarray(end) };
  }
}

interface Consumed {
  readonly wait: Promise<void> | undefined;
  /** What has not been read yet; `null` if nothing is left. */
  readonly rest: Buffer | null;
}
