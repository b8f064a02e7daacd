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
import type { Account } from './memory-budget.ts';
import { type SheddableSession, STANDING, type Standing } from './overload.ts';
import { asciiOnly } from './reply.ts';
import { ClientTimeout, type Pace } from './session/client-timeout.ts';
import { Conduct } from './session/conduct.ts';
import { noteEvent, noteRefusal, partsOf } from './session/event.ts';
import { endSession, greet } from './session/lifecycle.ts';
import { type SessionCommand, SmtpSession } from './session/session.ts';
import { SessionMemory } from './session/session-memory.ts';
import { tlsStateOf } from './tls-state.ts';
import { CommandStream, type LineFault, type Listener } from './wire/command-stream.ts';
import type { ByteFault } from './wire/message-bytes.ts';

/** Milliseconds to let a final reply go out. */
const LAST_WORDS = 100;

/** Bytes of replies that may be buffered for a client that does not read them. */
const UNREAD = 64 * 1024;

/** RFC 4954 4 allows a line of an AUTH exchange 12288 octets. */
const AUTH_RESPONSE = 12_288;

const AUTH_EXCHANGE: SessionCommand = { verb: 'AUTH', argument: null };
const NO_COMMAND: SessionCommand = { verb: 'UNKNOWN', argument: null };

const UNKNOWN_ENDPOINT: Endpoint = { ip: '', port: 0, isUnknown: true };

interface ConnectionOptions extends SMTPConnectionOptions {
  readonly id: string;
  /** A trusted proxy could not tell whose connection it is. */
  readonly isProxiedUnknown?: boolean;
  /** Already counted when it was accepted. */
  readonly isAdmitted?: boolean;
}

/** Describes a line for the log. The lines of an AUTH exchange and unknown commands may be passwords: nothing of them is kept. */
const commandOf = ({ continuation }: SmtpSession, line: Buffer): SessionCommand => {
  if (continuation !== null) return AUTH_EXCHANGE;
  const text = line.toString();
  const [word = ''] = text.split(' ', 1);
  const verb = word.toUpperCase();
  if (!isVerb(verb)) return NO_COMMAND;
  return { verb, argument: verb === 'AUTH' ? null : text.slice(word.length + 1).trim() };
};

/**
 * A socket and its session: passes lines and message parts to the session in order and writes its
 * answers, in a single write for pipelined commands. The library handles the socket, its time-out, the TLS
 * handshake and half-closed sockets. A socket that fails, at any moment, ends its own session only.
 */
export class RelayConnection extends SMTPConnection implements Listener, SheddableSession {
  readonly smtpSession: SmtpSession;
  /** Resolves when all work of the session has finished, including work that outlived the socket. */
  readonly ended: Promise<void>;
  readonly #listener: Acceptor;
  readonly clientKey: string;
  readonly #conduct = new Conduct();
  readonly #timeout = new ClientTimeout();
  readonly #account: Account;
  readonly #memory: SessionMemory;
  #output = '';
  /** Work in progress; the end of the session waits for it. */
  #work: Promise<void> | null = null;
  #ended: () => void = () => undefined;
  #entered: boolean;
  #leaving = false;
  #dismissed = false;
  #discards = false;
  #handshake: NodeJS.Timeout | undefined;
  #over = false;

  constructor(listener: Acceptor, socket: Socket | TLSSocket, options: ConnectionOptions) {
    super(listener, socket, options);
    const { settings, listener: own } = listener;
    const isUnknown = options.isProxiedUnknown === true;
    const client = isUnknown ? UNKNOWN_ENDPOINT : { ip: this.remoteAddress, port: this.remotePort };
    const server = isUnknown ? UNKNOWN_ENDPOINT : { ip: this.localAddress, port: this.localPort };
    this.smtpSession = new SmtpSession({ id: options.id, settings, listener: own, client, server });
    this.#listener = listener;
    this.clientKey = clientKey(client.ip);
    this.#entered = options.isAdmitted === true;
    this.#account = listener.shared.memory.open();
    this.#memory = new SessionMemory(this.smtpSession);
    listener.shared.overload.join(this);
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
      const admitted = this.#entered ? null : this.#listener.shared.admission.enter(this.smtpSession.client.ip);
      void this.#doing(after(admitted, (refused) => this.#enter(refused)));
    });
  }

  /** Admission has answered. A client that has left meanwhile is still counted, and uncounted at the end. */
  #enter(refused: Reply | null): Eventually<void> {
    this.#entered = refused === null;
    if (this.#entered) this.#note('connected');
    if (refused === null) return after(greet(this.smtpSession), (greeting) => this.#greeted(greeting));
    void this.#say(answer(refused, 'close'));
    // It is not counted, so it must not keep its descriptor either.
    this._socket.destroySoon();
  }

  takesBareLf(): boolean {
    return this.smtpSession.concessions.bareLf;
  }

  command(line: Buffer, isBare: boolean): Promise<void> | undefined {
    this.smtpSession.saysBareLf = isBare;
    this.smtpSession.beginCommand(commandOf(this.smtpSession, line));
    const mayCommand = this.#conduct.mayCommand(this.smtpSession.settings.limits());
    const said = mayCommand ? obey(this.smtpSession, line) : answer(REPLIES.tooManyCommands, 'close');
    return this.#doing(after(said, (told) => this.#obeyed(line.length, told)));
  }

  #obeyed(length: number, said: Answer): Eventually<void> {
    this.#memory.heard(length);
    return this.#say(said);
  }

  badLine(fault: LineFault): Promise<void> | undefined {
    this.smtpSession.beginCommand(NO_COMMAND);
    if (fault === 'too long') this.smtpSession.continuation = null;
    return this.#doing(this.#say(fault === 'too long' ? answer(REPLIES.lineTooLong) : malformed(this.smtpSession)));
  }

  content(part: Buffer): Promise<void> | undefined {
    this.#conduct.brought(part.length);
    this.#timeout.brought(part.length);
    return this.#timeout.pausing(this.smtpSession.receiving?.receiver.write(part));
  }

  endOfMessage(fault: ByteFault | null): Promise<void> | undefined {
    const { receiving } = this.smtpSession;
    this.smtpSession.receiving = null;
    if (receiving === null) return undefined;
    const finished = after(receiving.receiver.finish(fault), (said) => {
      if (said.code === 250 && this.smtpSession.transaction === null) this.#conduct.taken();
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

  flush(): void {
    this.#weigh();
    if (this.#output === '' || this._upgrading) return;
    const output = this.#output;
    this.#output = '';
    if (!this._socket.destroyed && this._socket.writable) this._socket.write(output);
  }

  full(): Promise<void> | undefined {
    if (this.#output.length > UNREAD) this.flush();
    if (!this._socket.writableNeedDrain || this._socket.destroyed) return undefined;
    return new Promise((resolve) => this._whenWritable(resolve));
  }

  mayGoOn(): boolean {
    return this.#listener.shared.turns.mayGoOn(this.clientKey);
  }

  turn(): Promise<void> {
    return this.#timeout.pausing(new Promise((resolve) => this.#listener.shared.turns.wait(this.clientKey, resolve)));
  }

  lineLimit(): number {
    const { commandLine } = this.smtpSession.settings.limits();
    return this.smtpSession.continuation === null ? commandLine : Math.max(commandLine, AUTH_RESPONSE);
  }

  get held(): number {
    return this.#account.bytes;
  }

  get standing(): Standing {
    const { user, transaction } = this.smtpSession;
    if (user !== null || this.#conduct.hasBroughtMail) return STANDING.known;
    return transaction !== null && transaction.recipientCount > 0 && !this.#conduct.hasErred ? STANDING.granted : STANDING.stranger;
  }

  get silence(): number {
    return this.#work === null ? this.#timeout.silence : 0;
  }

  get isLeaving(): boolean {
    return this.#dismissed || this._closing || this._closed;
  }

  dismiss(reply: Reply, reason: string): void {
    this.#dismissed = true;
    this.#account.close();
    this.#end(reply, reason);
    setTimeout(() => this._socket.destroy(), LAST_WORDS);
  }

  /** Ends it if the client has used up its time; a TLS handshake has a time-out of its own. */
  hurry(pace: Pace): void {
    if (this.#work === null && !this.isLeaving && !this._upgrading && this.#timeout.isOver(pace)) this.#end(REPLIES.timeout);
  }

  /** The relay is shutting down: ends now without a transaction, otherwise after it. */
  leave(): void {
    this.#leaving = true;
    if (this.#work === null && this.smtpSession.transaction === null) this.#end(REPLIES.shuttingDown);
  }

  /** Past `limits.session` the connection ends as soon as we have no work in progress. */
  expire(): void {
    if (this.#work === null) this.#end(REPLIES.timeout);
  }

  /** Closes the socket, even within a transaction. A client with no command under way is told why (RFC 5321 3.8). */
  cut(): void {
    if (this.#work === null) this.#end(REPLIES.shuttingDown);
    setTimeout(() => this._socket.destroy(), this.#work === null ? LAST_WORDS : 0);
  }

  override close(): void {
    this.flush();
    super.close();
    this.#discardSome();
  }

  /** Remaining input is read and dropped, so that the reply arrives; a client that keeps sending is cut off. */
  #discardSome(): void {
    if (this.#discards || this._socket.destroyed || this._upgrading) return;
    this.#discards = true;
    let discarded = 0;
    this._socket.on('data', (part: Buffer) => {
      discarded += part.length;
      if (discarded > UNREAD) this._socket.destroy();
    });
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
    clearTimeout(this.#handshake);
    super._onClose();
    if (this.#over) return;
    this.#over = true;
    this.smtpSession.close();
    void this.#finish();
  }

  async #finish(): Promise<void> {
    this.#account.close();
    this.#listener.shared.overload.leave(this);
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

  /** Records work in progress, so that no time-out, shutdown or socket end interrupts it. */
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

  /** An unhandled error: this session ends, all others continue. */
  #broken(err: unknown): void {
    this.smtpSession.settings.log.error({ err, ...identityOf(this.smtpSession) }, 'session failed');
    this.#end(REPLIES.unavailable);
  }

  #greeted(greeting: Answer): void {
    if (greeting.code >= 400) noteRefusal(this.smtpSession, greeting);
    if (this._closing || this._closed) return;
    void this.#say(greeting);
    this._ready = true;
    this.flush();
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
    this.#timeout.begin();
    this.#output += this.smtpSession.subject?.parameters.smtputf8 === true ? said.text : asciiOnly(said.text);
    const { receiving } = this.smtpSession;
    if (receiving !== null && this._parser instanceof CommandStream) this._parser.receive(receiving.reader);
    if (said.next === 'tls') this.#startTls();
    if (said.next === 'close') this.close();
    else if (this.#leaving && this.smtpSession.transaction === null && said.next === 'go on') this.#end(REPLIES.shuttingDown);
  }

  #weigh(): void {
    const waiting = this.#output.length + this._socket.writableLength + this._socket.readableLength;
    this.#account.hold(this.#memory.weigh() + waiting + (this._parser instanceof CommandStream ? this._parser.held : 0));
    if (this.#listener.shared.memory.fullness > 1) this.#listener.shared.overload.freeMemory();
  }

  #end(reply: Reply, reason?: string): void {
    const said = answer(reply);
    noteEvent(this.smtpSession, 'connection closed', { ...partsOf(said), reason });
    this.#output += said.text;
    this.close();
  }

  #startTls(): void {
    this.flush();
    this.#listener.refreshTls();
    this.#handshake = setTimeout(() => this.#handshakeTooSlow(), this.smtpSession.settings.limits().handshake);
    this.upgrade(
      () => undefined,
      () => {
        clearTimeout(this.#handshake);
        this.#timeout.begin();
        if (this._socket instanceof TLSSocket) secured(this.smtpSession, tlsStateOf(this._socket));
      },
    );
  }

  #handshakeTooSlow(): void {
    noteEvent(this.smtpSession, 'tls handshake failed', { reason: 'it took too long' });
    this._socket.destroy();
  }
}
