import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import type { Reply } from '../policy/reply.ts';
import { secured } from '../transaction/connection.ts';
import { after, type Eventually } from '../transaction/eventually.ts';
import { clipped } from '../transaction/identity.ts';
import { pause } from '../transaction/pause.ts';
import { REPLIES } from '../transaction/replies.ts';
import { identityOf } from '../transaction/session-identity.ts';
import type { Endpoint } from '../transaction/session-state.ts';
import type { Acceptor } from './acceptor.ts';
import { type Answer, answer } from './answer.ts';
import { clientKey } from './client-key.ts';
import { isVerb, malformed, obey } from './commands/dispatch.ts';
import { asciiOnly } from './reply.ts';
import { Conduct } from './session/conduct.ts';
import { noteEvent, noteRefusal, partsOf } from './session/event.ts';
import { endSession, greet } from './session/lifecycle.ts';
import { type SessionCommand, SmtpSession } from './session/session.ts';
import { tlsStateOf } from './tls-state.ts';
import { CommandStream, type LineFault, type Listener } from './wire/command-stream.ts';
import type { ByteFault } from './wire/message-bytes.ts';

/** Milliseconds for a parting reply to leave. */
const LAST_WORDS = 100;

/** Bytes of replies that may wait for a client who does not read them. */
const UNREAD = 64 * 1024;

const KILOBYTE = 1024;

/** RFC 4954 4 gives a line of an AUTH exchange 12288 octets. */
const AUTH_RESPONSE = 12_288;

const AUTH_EXCHANGE: SessionCommand = { verb: 'AUTH', argument: null };
const NO_COMMAND: SessionCommand = { verb: 'UNKNOWN', argument: null };

const UNKNOWN_ENDPOINT: Endpoint = { ip: '', port: 0, isUnknown: true };

interface ConnectionOptions extends SMTPConnectionOptions {
  readonly id: string;
  /** A proxy that is trusted could not tell whose connection it is. */
  readonly isProxiedUnknown?: boolean;
}

/** What a line is, for the log. The lines of an AUTH exchange, and what is no command of ours, may be passwords: nothing of them is kept. */
const commandOf = ({ continuation }: SmtpSession, line: Buffer): SessionCommand => {
  if (continuation !== null) return AUTH_EXCHANGE;
  const text = line.toString();
  const [word = ''] = text.split(' ', 1);
  const verb = word.toUpperCase();
  if (!isVerb(verb)) return NO_COMMAND;
  return { verb, argument: verb === 'AUTH' ? null : text.slice(word.length + 1).trim() };
};

/**
 * A socket and its session: hands lines and message parts to it in order, and writes what it
 * answers, one write for all that was pipelined. The library keeps the socket, its time-out, the TLS
 * handshake and the half-closed end. A socket that fails, at whatever moment, ends its own session only.
 */
export class RelayConnection extends SMTPConnection implements Listener {
  readonly smtpSession: SmtpSession;
  /** Resolves when nothing of the session is under way any more, not even what outlived the socket. */
  readonly ended: Promise<void>;
  readonly #listener: Acceptor;
  readonly #client: string;
  #output = '';
  readonly #conduct = new Conduct();
  /** Since the last message that was taken; a kilobyte of message makes up for one. */
  #commands = 0;
  /** What is being worked on; the end of the session waits for it. */
  #work: Promise<void> | null = null;
  #ended: () => void = () => undefined;
  #entered = false;
  #leaving = false;
  #over = false;

  constructor(listener: Acceptor, socket: Socket | TLSSocket, options: ConnectionOptions) {
    super(listener, socket, options);
    const { settings, listener: own } = listener;
    const isUnknown = options.isProxiedUnknown === true;
    const client = isUnknown ? UNKNOWN_ENDPOINT : { ip: this.remoteAddress, port: this.remotePort };
    const server = isUnknown ? UNKNOWN_ENDPOINT : { ip: this.localAddress, port: this.localPort };
    this.smtpSession = new SmtpSession({ id: options.id, settings, listener: own, client, server });
    this.#listener = listener;
    this.#client = clientKey(client.ip);
    this.ended = new Promise((resolve) => {
      this.#ended = resolve;
    });
  }

  override _createParser(): CommandStream {
    const stream = new CommandStream(this, this._ready);
    stream.on('finish', () => this.close());
    stream.on('error', () => this.close());
    return stream;
  }

  override init(): void {
    this._setListeners(() => {
      if (this._socket instanceof TLSSocket) this.smtpSession.tls = tlsStateOf(this._socket);
      const turn = this.mayGoOn() ? undefined : this.turn();
      const admitted = after(turn, () => this.#listener.shared.admission.enter(this.smtpSession.client.ip));
      void this.#doing(after(admitted, (refused) => this.#enter(refused)));
    });
  }

  /** The door has spoken. Whoever has gone meanwhile is counted in all the same, and leaves. */
  #enter(refused: Reply | null): Eventually<void> {
    this.#entered = refused === null;
    if (this.#entered) this.#note('connected');
    if (refused === null) return after(greet(this.smtpSession), (greeting) => this.#greeted(greeting));
    return this.#say(answer(refused, 'close'));
  }

  command(line: Buffer): Promise<void> | undefined {
    this.smtpSession.beginCommand(commandOf(this.smtpSession, line));
    const said = this.#hasSaidEnough() ? answer(REPLIES.tooManyCommands, 'close') : obey(this.smtpSession, line);
    return this.#doing(after(said, (told) => this.#say(told)));
  }

  badLine(fault: LineFault): Promise<void> | undefined {
    this.smtpSession.beginCommand(NO_COMMAND);
    if (fault === 'too long') this.smtpSession.continuation = null;
    return this.#doing(this.#say(fault === 'too long' ? answer(REPLIES.lineTooLong) : malformed(this.smtpSession)));
  }

  content(part: Buffer): Promise<void> | undefined {
    this.#commands = Math.max(0, this.#commands - part.length / KILOBYTE);
    return this.smtpSession.receiving?.receiver.write(part);
  }

  endOfMessage(fault: ByteFault | null): Promise<void> | undefined {
    const { receiving } = this.smtpSession;
    this.smtpSession.receiving = null;
    if (receiving === null) return undefined;
    const finished = after(receiving.receiver.finish(fault), (said) => {
      if (said.code === 250 && this.smtpSession.transaction === null) this.#taken();
      return this.#say(said);
    });
    return this.#doing(finished);
  }

  early(): void {
    const { smtpSession: session } = this;
    if (session.earlyTalker || session.settings.greetingPause() === 0) return;
    session.earlyTalker = true;
    noteEvent(session, 'early talker');
  }

  idle(): Promise<void> | undefined {
    this.#flush();
    if (!this._socket.writableNeedDrain || this._socket.destroyed) return undefined;
    return new Promise((resolve) => this._whenWritable(resolve));
  }

  full(): Promise<void> | undefined {
    return this.#output.length + this._socket.writableLength > UNREAD ? this.idle() : undefined;
  }

  mayGoOn(): boolean {
    return this.#listener.shared.turns.mayGoOn(this.#client);
  }

  turn(): Promise<void> {
    return new Promise((resolve) => this.#listener.shared.turns.wait(this.#client, resolve));
  }

  lineLimit(): number {
    const { commandLine } = this.smtpSession.settings.limits();
    return this.smtpSession.continuation === null ? commandLine : Math.max(commandLine, AUTH_RESPONSE);
  }

  /** The relay is going down: at once if nothing is open, else when the transaction has ended. */
  leave(): void {
    this.#leaving = true;
    if (this.#work === null && this.smtpSession.transaction === null) this.#end(REPLIES.shuttingDown);
  }

  /** Nobody stays for ever: past `limits.session` the connection ends as soon as nothing of ours is under way. */
  expire(): void {
    if (this.#work === null) this.#end(REPLIES.timeout);
  }

  /** No more patience: the socket goes, whatever is open. Whoever waits for a reply to nothing is told why (RFC 5321 3.8). */
  cut(): void {
    if (this.#work === null) this.#end(REPLIES.shuttingDown);
    setTimeout(() => this._socket.destroy(), this.#work === null ? LAST_WORDS : 0);
  }

  override close(): void {
    this.#flush();
    super.close();
  }

  override _onTimeout(): void {
    if (this._closing) this._socket.destroy();
    else if (this.#work === null) this.#end(REPLIES.timeout);
    else this._armTimeout();
  }

  override _onError(err: Error & { code?: string | undefined }): void {
    if (this._upgrading && !this._closing) noteEvent(this.smtpSession, 'tls handshake failed', { reason: clipped(err.message) });
    else this.smtpSession.settings.log.debug({ err, ...identityOf(this.smtpSession) }, 'socket error');
    this.close();
  }

  override _onClose(): void {
    super._onClose();
    if (this.#over) return;
    this.#over = true;
    this.smtpSession.close();
    void this.#bury();
  }

  async #bury(): Promise<void> {
    await this.#work;
    if (this.#entered) {
      await endSession(this.smtpSession);
      this.#listener.shared.admission.leave(this.smtpSession.client.ip);
      this.#note('disconnected');
    }
    this.#listener.forget(this.smtpSession.id);
    this.#ended();
  }

  #note(event: string): void {
    const { settings, id, client, listener } = this.smtpSession;
    settings.log.debug({ connection: id, client: client.ip, port: client.port, listener: listener.name }, event);
  }

  /** Notes what is under way, so that neither time-out nor shutdown nor the end of the socket comes between. */
  #doing(work: Eventually<void>): Promise<void> | undefined {
    if (!(work instanceof Promise)) return undefined;
    const done = work
      .catch((err: unknown) => this.#broken(err))
      .finally(() => {
        if (this.#work === done) this.#work = null;
      });
    this.#work = done;
    return done;
  }

  /** A fault that nobody has answered for: the session cannot go on, all others do. */
  #broken(err: unknown): void {
    this.smtpSession.settings.log.error({ err, ...identityOf(this.smtpSession) }, 'session failed');
    this.#end(REPLIES.unavailable);
  }

  #greeted(greeting: Answer): void {
    if (greeting.code >= 400) noteRefusal(this.smtpSession, greeting);
    if (this._closing || this._closed) return;
    void this.#say(greeting);
    this._ready = true;
    this.#flush();
    if (this._parser instanceof CommandStream) this._parser.open();
  }

  #say(said: Answer): Eventually<void> {
    const { smtpSession: session } = this;
    if (said.code >= 400 && session.noted !== said) noteRefusal(session, said);
    if (this._closing || this._closed) return;
    const consequence = this.#conduct.answered(session, said.code, session.settings.limits().errors);
    if (consequence.kind === 'wait') return pause(consequence.milliseconds, session.closed).then(() => this.#act(said));
    if (consequence.kind === 'end') this.#end(REPLIES.tooManyErrors);
    else this.#act(said);
  }

  #act(said: Answer): void {
    this.#output += this.smtpSession.subject?.parameters.smtputf8 === true ? said.text : asciiOnly(said.text);
    const { receiving } = this.smtpSession;
    if (receiving !== null && this._parser instanceof CommandStream) this._parser.receive(receiving.reader);
    if (said.next === 'tls') this.#startTls();
    if (said.next === 'close') this.close();
    else if (this.#leaving && this.smtpSession.transaction === null && said.next === 'go on') this.#end(REPLIES.shuttingDown);
  }

  #taken(): void {
    this.#conduct.taken();
    this.#commands = 0;
  }

  #hasSaidEnough(): boolean {
    const { commands, recipients } = this.smtpSession.settings.limits();
    return ++this.#commands > commands + recipients;
  }

  #end(reply: Reply): void {
    const said = answer(reply);
    noteEvent(this.smtpSession, 'connection closed', partsOf(said));
    this.#output += said.text;
    this.close();
  }

  #flush(): void {
    if (this.#output === '' || this._upgrading) return;
    const output = this.#output;
    this.#output = '';
    if (!this._socket.destroyed && this._socket.writable) this._socket.write(output);
  }

  #startTls(): void {
    this.#flush();
    this.#listener.refreshTls();
    this.upgrade(
      () => undefined,
      () => {
        if (this._socket instanceof TLSSocket) secured(this.smtpSession, tlsStateOf(this._socket));
      },
    );
  }
}
