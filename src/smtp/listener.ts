import { randomUUID } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { SMTPServer } from 'smtp-server';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import { clipped } from '../transaction/identity.ts';
import type { Acceptor, Shared } from './acceptor.ts';
import { RelayConnection } from './connection.ts';
import type { ListenerSettings, RelayServerSettings } from './settings.ts';
import { takeProxyHeader } from './wire/proxy-reader.ts';

type Options = SMTPConnectionOptions & { id: string; isProxiedUnknown?: boolean };

/**
 * One place where the relay listens. The library accepts, guards sockets until there is a session, and
 * does TLS; everything that is said is `RelayConnection`'s. Its own certificate, whose key anybody can
 * download, is never loaded.
 */
export class RelayListener extends SMTPServer implements Acceptor {
  readonly settings: RelayServerSettings;
  readonly listener: ListenerSettings;
  readonly shared: Shared;
  readonly #sessions = new Map<string, RelayConnection>();
  /** Who a proxy says is behind a socket that has no session yet. */
  readonly #proxied = new WeakMap<Socket, AddressInfoLike>();
  /** Handshakes that failed, and that the log has already. */
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

  /** No new connections; those that have no session yet are dropped. Resolves when the last socket is gone. */
  shut(): Promise<void> {
    for (const socket of this._pendingSockets.values()) socket.destroy();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  override connect(socket: Socket | TLSSocket, options?: Partial<Options> | null): void {
    if (socket.destroyed) return;
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

  /** TLS from the first byte. What a client without TLS knocks with is the client's fault, not the listener's. */
  override _upgrade(socket: Socket, callback: Parameters<SMTPServer['_upgrade']>[1]): void {
    const client = this.#clientOf(socket);
    super._upgrade(socket, (err, tlsSocket) => {
      if (err) {
        this.#noted.add(err);
        this.#note('tls handshake failed', { ...client, reason: clipped(err.message) });
      }
      callback(err, tlsSocket);
    });
  }

  /** What happened to a client before it had a session. */
  #note(event: string, fields: { readonly client: string; readonly port: number | undefined; readonly reason: string }): void {
    const { log, events, now, policy } = this.settings;
    const noted = { listener: this.listener.name, ...fields };
    log.info(noted, event);
    events({ time: new Date(now()).toISOString(), event, ...noted, policy: policy().version });
  }

  #clientOf(socket: Socket): { readonly client: string; readonly port: number | undefined } {
    const { ip, port } = this.#proxied.get(socket) ?? { ip: plainAddress(socket.remoteAddress ?? ''), port: socket.remotePort };
    return ip === '' ? { client: 'unix', port: undefined } : { client: ip, port };
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

/** A dual-stack socket reports an IPv4 peer as `::ffff:192.0.2.1`. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

const addressText = (address: AddressInfo | string | null): string => {
  if (address === null) return '';
  if (typeof address === 'string') return `unix:${address}`;
  return address.family === 'IPv6' ? `[${address.address}]:${address.port}` : `${address.address}:${address.port}`;
};
