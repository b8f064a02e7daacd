import { randomUUID } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { SMTPServer } from 'smtp-server';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import { after } from '../transaction/eventually.ts';
import { clipped } from '../transaction/identity.ts';
import type { Acceptor, Shared } from './acceptor.ts';
import { clientKey } from './client-key.ts';
import { RelayConnection } from './connection.ts';
import type { ListenerSettings, RelayServerSettings, Shortage } from './settings.ts';
import { takeProxyHeader } from './wire/proxy-reader.ts';

type Options = SMTPConnectionOptions & { id: string; isProxiedUnknown?: boolean; isAdmitted?: boolean };

/**
 * One place where the relay listens. The library accepts sockets, guards them until there is a session, and
 * does TLS; `RelayConnection` does all the talking. The library's own certificate, whose key anybody can
 * download, is never loaded.
 */
export class RelayListener extends SMTPServer implements Acceptor {
  readonly settings: RelayServerSettings;
  readonly listener: ListenerSettings;
  readonly shared: Shared;
  readonly #sessions = new Map<string, RelayConnection>();
  /** The client a proxy announced, for sockets that have no session yet. */
  readonly #proxied = new WeakMap<Socket, AddressInfoLike>();
  /** Sockets waiting for their turn to begin a session. */
  readonly #waiting = new Set<Socket>();
  /** Sockets already counted when they were accepted. */
  readonly #admitted = new WeakSet<Socket>();
  /** Errors of failed handshakes that are already in the log. */
  readonly #noted = new WeakSet<Error>();

  constructor(settings: RelayServerSettings, listener: ListenerSettings, shared: Shared) {
    const { idle, connections } = settings.limits();
    super({
      name: settings.hostname,
      secure: listener.tls === 'implicit',
      allowHalfOpen: true,
      noDelay: true,
      socketTimeout: idle,
      maxClients: connections,
      logger: false,
    });
    this.settings = settings;
    this.listener = listener;
    this.shared = shared;
    this.on('error', (err: Error) => {
      if (this.server.listening && !this.#noted.has(err)) settings.log.warn({ err, listener: listener.name }, 'listener failed');
    });
  }

  get sessions(): Iterable<RelayConnection> {
    return this.#sessions.values();
  }

  /** Resolves with the bound address once connections are accepted; rejects with the system's code. */
  open(): Promise<string> {
    const { address } = this.listener;
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(address, () => {
        this.server.off('error', reject);
        resolve(addressText(this.server.address()));
      });
    });
  }

  /** Accepts no new connections and drops those without a session. Resolves when the last socket is gone. */
  shut(): Promise<void> {
    for (const socket of [...this._pendingSockets.values(), ...this.#waiting]) socket.destroy();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  /** Beyond the system's limit sockets are closed at once, and a silent session makes room for the next. */
  override _acceptSocket(socket: Socket, handshake: boolean): ReturnType<SMTPServer['_acceptSocket']> {
    if (this.shared.sockets.take(socket)) return super._acceptSocket(socket, handshake);
    this.#drop(socket, 'descriptors');
    void this.shared.overload.freeConnection();
    return false;
  }

  /** Begins a session when it is the client's turn; drops the socket if too many of the client's are waiting. */
  override connect(socket: Socket | TLSSocket, options?: Partial<Options> | null): void {
    const client = options?.isProxiedUnknown === true ? '' : clientKey(options?.remoteAddress ?? plainAddress(socket.remoteAddress ?? ''));
    const isAdmitted = this.#admitted.delete(socket);
    const begin = (): void => {
      this.#waiting.delete(socket);
      this.#begin(socket, { ...options, isAdmitted });
    };
    const { turns } = this.shared;
    if (!isAdmitted && !this.#mayConnect(client, socket)) return;
    if (turns.mayGoOn(client)) {
      begin();
      return;
    }
    if (!isAdmitted && turns.waiting(client) >= this.settings.limits().connectionsPerIp) {
      this.#drop(socket, 'connections');
      return;
    }
    this.#waiting.add(socket.on('error', ignore));
    turns.wait(client, begin);
  }

  /** Closes a socket from which nothing was read, without a reply. */
  #drop(socket: Socket, shortage: Shortage): void {
    this.settings.shed(shortage);
    socket.on('error', ignore).destroy();
  }

  /** Closes connections of clients that connect too often, with a delay while there are few of them: closed at once, they would only reconnect. */
  #mayConnect(client: string, socket: Socket): boolean {
    if (this.shared.rate.take(client)) return true;
    if (this.#waiting.size >= this.settings.limits().connectionsPerIp) {
      this.#drop(socket, 'connections');
      return false;
    }
    this.#waiting.add(socket.on('error', ignore).pause());
    setTimeout(() => {
      this.#waiting.delete(socket);
      this.#drop(socket, 'connections');
    }, TOO_OFTEN).unref();
    return false;
  }

  #begin(socket: Socket | TLSSocket, options: Partial<Options>): void {
    if (socket.destroyed) {
      if (options.isAdmitted === true) this.shared.admission.leave(options.remoteAddress ?? plainAddress(socket.remoteAddress ?? ''));
      return;
    }
    this.options.socketTimeout = this.settings.limits().idle;
    const connection = new RelayConnection(this, socket, { ...options, id: randomUUID() });
    this.connections.add(connection);
    this.#sessions.set(connection.smtpSession.id, connection);
    connection.init();
  }

  forget(id: string): void {
    this.#sessions.delete(id);
  }

  override updateSecureContext(): void {
    this.secureContext = new Map();
  }

  override _warnAboutDefaultCertificate(): void {
    /* never loaded, see above */
  }

  refreshTls(): void {
    const context = this.settings.tls();
    if (context !== null) this.secureContext.set('*', context);
    this.options.requestCert = this.settings.asksClientCertificate();
    this.options.rejectUnauthorized = false;
  }

  override _expectsProxyHeader(socket: Socket): boolean {
    return this.settings.trustsProxy(plainAddress(socket.remoteAddress ?? ''));
  }

  override _handleProxy(socket: Socket, callback: (err: Error | null, options?: Options) => void): void {
    if (this.listener.tls === 'implicit') this.refreshTls();
    if (this._expectsProxyHeader(socket)) void this.#takeHeader(socket, callback);
    else callback(null, { id: '' });
  }

  /** TLS from the first byte. A client that does not speak TLS is the client's error, not the listener's. */
  override _upgrade(socket: Socket, callback: Upgraded): void {
    const { ip } = this.#addressOf(socket);
    if (!this.#mayConnect(clientKey(ip), socket)) return;
    void after(this.shared.admission.enter(ip), (refused) => {
      if (refused === null) return this.#shakeHands(socket, ip, callback);
      this.#note('connection refused', { ...this.#clientOf(socket), code: refused.code, enhanced: refused.enhanced, text: refused.text });
      this.#notedUpgrade(callback, new Error(refused.text));
    });
  }

  /** The client has been counted; uncounts it if the handshake fails. */
  #shakeHands(socket: Socket, ip: string, callback: Upgraded): void {
    const client = this.#clientOf(socket);
    const failed = (err: Error): void => {
      this.shared.admission.leave(ip);
      this.#note('tls handshake failed', { ...client, reason: clipped(err.message) });
      this.#notedUpgrade(callback, err);
    };
    if (socket.destroyed) {
      failed(new Error('the client has left'));
      return;
    }
    const late = setTimeout(
      () => this._pendingSockets.get(socket)?.destroy(new Error('the handshake took too long')),
      this.settings.limits().handshake,
    );
    super._upgrade(socket, (err, tlsSocket) => {
      clearTimeout(late);
      if (err) return failed(err);
      if (tlsSocket !== undefined) this.#admitted.add(tlsSocket);
      callback(null, tlsSocket);
    });
  }

  #notedUpgrade(callback: Upgraded, err: Error): void {
    this.#noted.add(err);
    callback(err);
  }

  /** Logs what happened to a client before it had a session. */
  #note(event: string, fields: Readonly<Record<string, string | number | undefined>>): void {
    const { log, events, now, policy } = this.settings;
    const noted = { listener: this.listener.name, ...fields };
    log.info(noted, event);
    events({ time: new Date(now()).toISOString(), event, ...noted, policy: policy().version });
  }

  #clientOf(socket: Socket): { readonly client: string; readonly port: number | undefined } {
    const { ip, port } = this.#addressOf(socket);
    return ip === '' ? { client: 'unix', port: undefined } : { client: ip, port };
  }

  #addressOf(socket: Socket): { readonly ip: string; readonly port: number | undefined } {
    return this.#proxied.get(socket) ?? { ip: plainAddress(socket.remoteAddress ?? ''), port: socket.remotePort };
  }

  async #takeHeader(socket: Socket, callback: (err: Error | null, options?: Options) => void): Promise<void> {
    const proxy = this.#clientOf(socket);
    try {
      const proxied = await takeProxyHeader(socket);
      if (proxied === 'unknown') return callback(null, { id: '', isProxiedUnknown: true });
      if (proxied !== null) this.#proxied.set(socket, proxied.client);
      callback(null, proxied === null ? { id: '' } : { ...asOptions(proxied), id: '' });
    } catch (err) {
      const reason = err instanceof Error ? err : new Error(String(err));
      this.#note('proxy header refused', { ...proxy, reason: reason.message });
      callback(reason);
    }
  }
}

const asOptions = ({ client, server }: { readonly client: AddressInfoLike; readonly server: AddressInfoLike }): SMTPConnectionOptions => ({
  remoteAddress: client.ip,
  remotePort: client.port,
  localAddress: server.ip,
  localPort: server.port,
});

interface AddressInfoLike {
  readonly ip: string;
  readonly port: number;
}

type Upgraded = Parameters<SMTPServer['_upgrade']>[1];

const ignore = (): void => undefined;

/** How long the socket of a client that connects too often is held. Milliseconds. */
const TOO_OFTEN = 1000;

/** A dual-stack socket reports an IPv4 peer as `::ffff:192.0.2.1`. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

const addressText = (address: AddressInfo | string | null): string => {
  if (address === null) return '';
  if (typeof address === 'string') return `unix:${address}`;
  return address.family === 'IPv6' ? `[${address.address}]:${address.port}` : `${address.address}:${address.port}`;
};
