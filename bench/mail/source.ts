import net from 'node:net';

/** What is sent, and how. `size` is the whole message in bytes. */
export interface Load {
  readonly messages: number;
  readonly size: number;
  readonly sessions: number;
  /** A new connection for each message. */
  readonly reconnect: boolean;
}

const HEADER = 'From: <sender@example.org>\r\nTo: <recipient@example.com>\r\nSubject: bench\r\n\r\n';
const LINE = `${'x'.repeat(76)}\r\n`;

const messageOf = (size: number): Buffer =>
  Buffer.from(`${HEADER}${LINE.repeat(Math.ceil(size / LINE.length)).slice(0, Math.max(0, size - HEADER.length - 2))}\r\n.\r\n`);

/** A client that waits for the reply to each command. */
class Client {
  readonly #socket: net.Socket;
  #replied: ((reply: string) => void) | null = null;
  #failed: ((error: Error) => void) | null = null;
  #rest = '';

  constructor(port: number) {
    this.#socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (bytes: Buffer) => this.#heard(bytes.toString('latin1')));
    this.#socket.on('error', (error) => this.#failed?.(error));
    this.#socket.on('close', () => this.#failed?.(new Error('connection closed')));
  }

  #heard(text: string): void {
    const lines = (this.#rest + text).split('\r\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) if (line[3] !== '-') this.#replied?.(line);
  }

  async says(what: string | Buffer | null, code: string): Promise<void> {
    const reply = await new Promise<string>((resolve, reject) => {
      this.#replied = resolve;
      this.#failed = reject;
      if (what !== null) this.#socket.write(what);
    });
    if (!reply.startsWith(code)) throw new Error(`expected ${code}: ${reply}`);
  }

  async greet(): Promise<void> {
    await this.says(null, '220');
    await this.says('EHLO source.example\r\n', '250');
  }

  async send(message: Buffer): Promise<void> {
    await this.says('MAIL FROM:<sender@example.org>\r\n', '250');
    await this.says('RCPT TO:<recipient@example.com>\r\n', '250');
    await this.says('DATA\r\n', '354');
    await this.says(message, '250');
  }

  async quit(): Promise<void> {
    await this.says('QUIT\r\n', '221');
    this.#failed = null;
    this.#socket.end();
  }
}

/** Resolves when all messages were answered 250. Rejects at the first that is not. */
export const send = async (port: number, { messages, size, sessions, reconnect }: Load): Promise<void> => {
  const message = messageOf(size);
  let left = messages;
  const session = async (): Promise<void> => {
    while (left > 0) {
      const client = new Client(port);
      await client.greet();
      do {
        left--;
        await client.send(message);
      } while (left > 0 && !reconnect);
      await client.quit();
    }
  };
  await Promise.all(Array.from({ length: sessions }, session));
};
