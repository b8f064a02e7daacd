import net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';

/** What the script is asked about; at `dot` an LMTP next hop is asked once for each accepted recipient. */
export type Step = 'connect' | 'ehlo' | 'helo' | 'starttls' | 'auth' | 'mail' | 'rcpt' | 'data' | 'dot' | 'rset' | 'quit';

/** A reply without its CRLF, or something ruder. */
export type Act =
  | string
  | { readonly act: 'drop' | 'half-close' | 'hang' }
  /** Waits, then replies. */
  | { readonly act: 'wait'; readonly milliseconds: number; readonly reply: string }
  /** Bytes as they are, and then nothing more. */
  | { readonly act: 'raw'; readonly bytes: string | Buffer };

/** Answers a step; `undefined` is what a friendly next hop says. `text` is the rest of the command line, at LMTP's `dot` the recipient. */
export type Script = (step: Step, text: string, session: Session) => Act | undefined;

export interface Session {
  /** Counts from 0. */
  readonly number: number;
  /** Command lines in the order in which they came. */
  readonly commands: string[];
  /** Largest number of commands that came in one piece. */
  batch: number;
  secure: boolean;
}

export interface Received {
  readonly session: number;
  readonly secure: boolean;
  /** The whole commands. */
  readonly mail: string;
  readonly rcpt: readonly string[];
  /** Between DATA and the final dot, stuffed dots taken out. */
  readonly content: Buffer;
  /** As it came over the wire, final dot included. */
  readonly wire: Buffer;
}

export interface NextHopOptions {
  readonly script?: Script;
  readonly lmtp?: boolean;
  /** Extensions offered. */
  readonly offers?: readonly string[];
  readonly tls?: { readonly key: string; readonly cert: string };
  /** TLS from the first byte. */
  readonly implicit?: boolean;
  /** A socket path instead of a port. */
  readonly path?: string;
}

export interface NextHop {
  readonly port: number;
  /** Accepted and refused messages alike, as they ended. */
  readonly received: readonly Received[];
  readonly sessions: readonly Session[];
  readonly open: () => number;
  readonly close: () => Promise<void>;
}

const defaults = ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'DSN', 'SIZE 0', 'ENHANCEDSTATUSCODES'];

/** A scripted next hop on a loopback port given by the system. */
export const nextHop = async (options: NextHopOptions = {}): Promise<NextHop> => {
  const received: Received[] = [];
  const sessions: Session[] = [];
  const sockets = new Set<net.Socket>();
  const serve = (socket: net.Socket): void => {
    const session = { number: sessions.length, commands: [], batch: 0, secure: options.implicit === true };
    sessions.push(session);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    new Dialogue(socket, session, { options, received }).begin();
  };
  const server = options.implicit
    ? tls.createServer({ ...options.tls }, serve)
    : net.createServer({ allowHalfOpen: true, noDelay: true }, serve);
  const place = options.path === undefined ? { port: 0, host: '127.0.0.1' } : { path: path.resolve(options.path) };
  await new Promise<void>((resolve) => server.listen(place, resolve));
  const address = server.address();
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return { port: typeof address === 'object' && address ? address.port : 0, received, sessions, open: () => sockets.size, close };
};

interface Surroundings {
  readonly options: NextHopOptions;
  readonly received: Received[];
}

class Dialogue {
  #socket: net.Socket;
  readonly #session: Session;
  readonly #around: Surroundings;
  #input = Buffer.alloc(0);
  #reading: 'commands' | 'content' | 'nothing' = 'commands';
  #mail = '';
  #rcpt: string[] = [];

  constructor(socket: net.Socket, session: Session, around: Surroundings) {
    this.#socket = socket;
    this.#session = session;
    this.#around = around;
  }

  begin(): void {
    this.#attach(this.#socket);
    this.#answer('connect', '', '220 next.hop.test ESMTP');
  }

  #attach(socket: net.Socket): void {
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes: Buffer) => this.#take(bytes));
    socket.on('end', () => socket.end());
  }

  #take(bytes: Buffer): void {
    this.#input = Buffer.concat([this.#input, bytes]);
    let commands = 0;
    for (let more = true; more; commands += Number(more)) more = this.#read();
    this.#session.batch = Math.max(this.#session.batch, commands);
  }

  #read(): boolean {
    if (this.#reading === 'nothing') return false;
    return this.#reading === 'content' ? this.#readContent() : this.#readLine();
  }

  #readLine(): boolean {
    const end = this.#input.indexOf('\r\n');
    if (end < 0) return false;
    const line = this.#input.subarray(0, end).toString('utf8');
    this.#input = this.#input.subarray(end + 2);
    this.#command(line);
    return true;
  }

  #command(line: string): void {
    this.#session.commands.push(line);
    const verb = line.split(/[ :]/, 1)[0]?.toUpperCase() ?? '';
    const handlers: Readonly<Record<string, () => void>> = {
      EHLO: () => this.#hello(line),
      LHLO: () => this.#hello(line),
      HELO: () => this.#answer('helo', line, '250 next.hop.test'),
      STARTTLS: () => this.#startTls(line),
      AUTH: () => this.#answer('auth', line, '235 2.7.0 in'),
      MAIL: () => this.#from(line),
      RCPT: () => this.#to(line),
      DATA: () => this.#data(line),
      RSET: () => this.#reset(line),
      QUIT: () => this.#quit(line),
    };
    const handler = handlers[verb];
    if (handler) handler();
    else this.#write('500 5.5.1 what?');
  }

  #hello(line: string): void {
    const { offers = defaults, tls: keys, implicit } = this.#around.options;
    const all = keys && !implicit && !this.#session.secure ? [...offers, 'STARTTLS'] : offers;
    const lines = ['next.hop.test', ...all];
    this.#answer('ehlo', line, lines.map((text, index) => `250${index === lines.length - 1 ? ' ' : '-'}${text}`).join('\r\n'));
  }

  #startTls(line: string): void {
    const reply = this.#answer('starttls', line, '220 2.0.0 go');
    const keys = this.#around.options.tls;
    if (!reply.startsWith('220') || !keys) return;
    this.#socket.removeAllListeners('data');
    const secured = new tls.TLSSocket(this.#socket, { isServer: true, ...keys });
    this.#session.secure = true;
    this.#socket = secured;
    this.#attach(secured);
  }

  #from(line: string): void {
    this.#rcpt = [];
    this.#mail = this.#answer('mail', line, '250 2.1.0 ok').startsWith('2') ? line : '';
  }

  #to(line: string): void {
    if (this.#mail === '') this.#write('503 5.5.1 MAIL first');
    else if (this.#answer('rcpt', line, '250 2.1.5 ok').startsWith('2')) this.#rcpt.push(line);
  }

  #data(line: string): void {
    if (this.#rcpt.length === 0) this.#write('503 5.5.1 RCPT first');
    else if (this.#answer('data', line, '354 go').startsWith('3')) this.#reading = 'content';
  }

  #readContent(): boolean {
    const empty = this.#input.subarray(0, 3).equals(Buffer.from('.\r\n'));
    const end = empty ? 0 : this.#input.indexOf('\r\n.\r\n') + 2;
    if (!empty && end < 2) return false;
    const wire = this.#input.subarray(0, end + 3);
    this.#input = this.#input.subarray(end + 3);
    this.#reading = 'commands';
    const content = Buffer.from(
      wire
        .subarray(0, end)
        .toString('latin1')
        .replace(/(^|\n)\./g, '$1'),
      'latin1',
    );
    const { number, secure } = this.#session;
    this.#around.received.push({ session: number, secure, mail: this.#mail, rcpt: this.#rcpt, content, wire });
    for (const recipient of this.#around.options.lmtp ? this.#rcpt : ['']) this.#answer('dot', recipient, '250 2.0.0 taken');
    this.#mail = '';
    this.#rcpt = [];
    return true;
  }

  #reset(line: string): void {
    this.#mail = '';
    this.#rcpt = [];
    this.#answer('rset', line, '250 2.0.0 ok');
  }

  #quit(line: string): void {
    this.#answer('quit', line, '221 2.0.0 bye');
    this.#socket.end();
  }

  /** Does as the script says; gives the reply that was sent, empty if there was none. */
  #answer(step: Step, text: string, friendly: string): string {
    const act = this.#around.options.script?.(step, text, this.#session) ?? friendly;
    if (typeof act === 'string') return this.#write(act);
    if (act.act !== 'wait') this.#reading = 'nothing';
    if (act.act === 'drop') this.#socket.destroy();
    else if (act.act === 'half-close') this.#socket.end();
    else if (act.act === 'raw') this.#socket.write(act.bytes);
    else if (act.act === 'wait') setTimeout(() => this.#write(act.reply), act.milliseconds);
    return act.act === 'wait' ? act.reply : '';
  }

  #write(reply: string): string {
    if (this.#socket.writable) this.#socket.write(`${reply}\r\n`);
    return reply;
  }
}
