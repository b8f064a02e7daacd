import type net from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { ConnectionLost, lostBy } from './lost.ts';
import { REPLY_LIMIT, ReplyAllowance } from './reply-allowance.ts';

type Answered = (reply: string) => void;

/** RFC 5321 4.2.1 requires the same code on all lines of a reply. If they differ the last line counts: a refusal must not pass for an acceptance. */
const decisive = (reply: string): string => {
  if (!reply.includes('\n')) return reply;
  const last = reply.trimEnd().split(/\r?\n/).at(-1) ?? '';
  return last.slice(0, 3) === reply.slice(0, 3) ? reply : last;
};

/** Complete replies of one line in ASCII, none of which closes the connection. */
const PLAIN_REPLIES = /^(?:(?!421)[2-5]\d\d [ -~]*\r\n)+$/;

/** The replies in these bytes, `null` if any is not plain. Nearly all are, and nodemailer decodes each and waits a turn of the event loop before it. */
const plainReplies = (bytes: Buffer): readonly string[] | null => {
  const text = bytes.toString('latin1');
  return PLAIN_REPLIES.test(text) ? text.slice(0, -2).split('\r\n') : null;
};

/** Milliseconds for the reply to QUIT: nothing depends on it. */
const GOODBYE = 10_000;

/**
 * nodemailer's SMTP connection, used for EHLO, STARTTLS, AUTH, reading replies and closing. The mail
 * transaction is our own (`transaction.ts`): nodemailer's `send` takes one ORCPT and NOTIFY for all
 * recipients, does not say what the next hop offers before sending or whether the final dot went out,
 * has a single time-out for everything and passes every byte through a stream.
 */
export class NextHopConnection extends SMTPConnection {
  // Internal to nodemailer and therefore untyped: test/delivery/nodemailer.test.ts checks what we rely on.
  declare private readonly _supportedExtensions: readonly string[];
  declare private readonly _maxAllowedSize: number;
  declare private readonly _responseActions: Answered[];
  declare private readonly _responseQueue: readonly string[];
  declare private readonly _remainder: string;
  declare private _onSocketData: (bytes: Buffer) => void;

  /** Called once, when an open connection becomes unusable. */
  onLost: ((lost: ConnectionLost) => void) | null = null;
  /** Messages sent over it. */
  messages = 0;
  /** How the log and the queue name the host. */
  remote = '';
  readonly #allowance = new ReplyAllowance();
  #isOpen = false;

  constructor(options: SMTPConnection.Options) {
    super(options);
    const take = this._onSocketData;
    this._onSocketData = (bytes) => {
      if (!this.#allowance.take(bytes.length, this._responseActions.length)) this.#breakOff();
      else if (!this.#heard(bytes)) take(bytes);
    };
    this.on('error', (error) => this.#lose(lostBy(error, { handshake: this.upgrading === true })));
    this.on('end', () => this.#lose(new ConnectionLost('closed', 'connection closed', this.lastServerResponse || null)));
  }

  /** Hands plain replies to those who wait for them. False: nodemailer has to look at the bytes. */
  #heard(bytes: Buffer): boolean {
    if (!this.#isOpen || this._remainder !== '' || this._responseQueue.length > 0) return false;
    const replies = plainReplies(bytes);
    if (replies === null || replies.length > this._responseActions.length) return false;
    for (const reply of replies) {
      if (this.destroyed) return true;
      this.lastServerResponse = reply;
      this._responseActions.shift()?.call(this, reply);
    }
    return true;
  }

  /** Data beyond the limit: no longer a reply. */
  #breakOff(): void {
    this.#lose(new ConnectionLost('protocol', 'replies exceed the size that is read'));
    this.close();
  }

  /** Closes our side cleanly; a next hop that keeps sending is cut off. */
  override close(): void {
    const { socket } = this;
    super.close();
    if (socket === null || socket.destroyed) return;
    let left = REPLY_LIMIT;
    socket.on('data', (bytes: Buffer) => {
      left -= bytes.length;
      if (left < 0) socket.destroy();
    });
  }

  override quit(): void {
    super.quit();
    const timer = setTimeout(() => this.close(), GOODBYE).unref();
    this.once('end', () => clearTimeout(timer));
  }

  /** Greeting and login are done: from here on each reply has its own allowance. */
  opened(): void {
    this.#isOpen = true;
    this.#allowance.renew();
  }

  #lose(lost: ConnectionLost): void {
    const tell = this.onLost;
    this.onLost = null;
    tell?.(lost);
  }

  get socket(): net.Socket | null {
    return this._socket || null;
  }

  get usable(): boolean {
    return !this.destroyed && this.socket?.writable === true;
  }

  get lmtp(): boolean {
    return this.options.lmtp === true;
  }

  /** Whether EHLO offered it: `PIPELINING`, `8BITMIME`, `SMTPUTF8`, `DSN`, `SIZE`. */
  offers(extension: string): boolean {
    return this._supportedExtensions.includes(extension);
  }

  /** Largest message in bytes (RFC 1870), 0 if not announced. */
  get sizeLimit(): number {
    return this._maxAllowedSize;
  }

  /** Writes commands in one segment; `answered` gets the whole reply to each, in order. */
  exchange(commands: readonly string[], answered: (reply: string, index: number) => void): void {
    commands.forEach((_, index) => {
      this.expect((reply) => answered(reply, index));
    });
    this.socket?.write(`${commands.join('\r\n')}\r\n`);
  }

  /** Expects one more reply (after the final dot). */
  expect(answered: Answered): void {
    this._responseActions.push((reply) => {
      this.#allowance.renew();
      answered(decisive(reply));
    });
  }
}
