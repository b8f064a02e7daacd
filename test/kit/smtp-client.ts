import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, TLSSocket } from 'node:tls';

/** A reply as the server gave it, all its lines. */
export interface ServerReply {
  readonly code: number;
  /** Without the code. */
  readonly lines: readonly string[];
  /** First line with its code. */
  readonly text: string;
}

/** Nobody waits that long unless it never comes. */
const TIMEOUT = 120_000;

/** Where a relay listens, as it reports it: `127.0.0.1:2525`, `[::1]:2525`, `unix:/path`. */
const target = (address: string): { path: string } | { host: string; port: number } => {
  if (address.startsWith('unix:')) return { path: address.slice(5) };
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon).replace(/[[\]]/g, ''), port: Number(address.slice(colon + 1)) };
};

/** Speaks SMTP byte by byte, as a test wants it: nothing is added, nothing waited for that was not asked. */
export class SmtpClient {
  #socket: Socket;
  #received = '';
  #ended = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen();
  }

  /** `from`: the address it comes from, all of 127.0.0.0/8 being one's own. */
  static async connect(address: string, from?: string): Promise<SmtpClient> {
    const socket = connect({ ...target(address), ...(from === undefined ? {} : { localAddress: from }) });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new SmtpClient(socket);
  }

  /** TLS from the first byte. */
  static async connectTls(address: string, options: ConnectionOptions = {}): Promise<SmtpClient> {
    const socket = connectTls({ ...target(address), rejectUnauthorized: false, ...options });
    await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    return new SmtpClient(socket);
  }

  get socket(): Socket {
    return this.#socket;
  }

  get isOver(): boolean {
    return this.#ended;
  }

  /** What has come and was not read as a reply. */
  get unread(): string {
    return this.#received;
  }

  /** Sends bytes as they are. */
  raw(bytes: string | Buffer): void {
    this.#socket.write(bytes);
  }

  /** Sends lines, each with CR LF, in one write. */
  send(...lines: readonly string[]): void {
    this.raw(lines.map((line) => `${line}\r\n`).join(''));
  }

  /** The next reply; rejects when there is none in time or the server hangs up. */
  async reply(): Promise<ServerReply> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.#line();
      lines.push(line.slice(4));
      if (line[3] !== '-') return { code: Number(line.slice(0, 3)), lines, text: `${line.slice(0, 4)}${lines[0]}` };
    }
  }

  /** Sends one line and gives the reply. */
  async ask(line: string): Promise<ServerReply> {
    this.send(line);
    return this.reply();
  }

  /** Sends one line after another, each after the reply to the last; the replies' texts. */
  async dialogue(...lines: readonly string[]): Promise<string[]> {
    const texts: string[] = [];
    for (const line of lines) texts.push((await this.ask(line)).text);
    return texts;
  }

  /** After STARTTLS was answered 220. */
  async startTls(options: ConnectionOptions = {}): Promise<void> {
    const plain = this.#socket;
    plain.removeAllListeners('data').removeAllListeners('end');
    const socket = connectTls({ socket: plain, rejectUnauthorized: false, ...options });
    await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    this.#socket = socket;
    this.#listen();
  }

  get tls(): TLSSocket | null {
    return this.#socket instanceof TLSSocket ? this.#socket : null;
  }

  /** Resolves when the server has ended the connection. */
  async over(): Promise<void> {
    await this.#until(() => this.#ended, 'the end of the connection');
  }

  /** Says that nothing more will be sent, and goes on listening. */
  halfClose(): void {
    this.#socket.end();
  }

  /** Gone without a word. */
  destroy(): void {
    this.#socket.destroy();
  }

  /** Gone with a reset. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  #listen(): void {
    this.#socket.on('data', (bytes) => {
      this.#received += bytes.toString();
      this.#wake();
    });
    const end = (): void => {
      this.#ended = true;
      this.#wake();
    };
    this.#socket.on('end', end).on('close', end).on('error', end);
  }

  async #line(): Promise<string> {
    await this.#until(() => this.#received.includes('\r\n') || this.#ended, 'a reply');
    const end = this.#received.indexOf('\r\n');
    if (end < 0) throw new Error(`connection ended, unread: ${JSON.stringify(this.#received)}`);
    const line = this.#received.slice(0, end);
    this.#received = this.#received.slice(end + 2);
    return line;
  }

  async #until(done: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + TIMEOUT;
    while (!done()) {
      if (Date.now() > deadline) throw new Error(`waited for ${what}; unread: ${JSON.stringify(this.#received)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 100);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}
