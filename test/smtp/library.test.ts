import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';
import { selfSigned } from '../kit/certificate.ts';

/*
 * What `RelayListener`, `RelayConnection` and `CommandStream` need of members that smtp-server keeps to itself, a test for each: an
 * update that changes one fails here first, and says which.
 */

/** Takes every chunk, and notes that the stream was flushed. */
class Lines extends SMTPStream {
  readonly chunks: string[] = [];
  flushed = 0;

  override _write(chunk: Buffer, _encoding: BufferEncoding | 'buffer', next: (error?: Error | null) => void): void {
    this.chunks.push(chunk.toString());
    next();
  }

  override _flushData(): void {
    this.flushed++;
  }
}

class Session extends SMTPConnection {
  readonly parsers: Lines[] = [];
  readonly calls: string[] = [];
  readonly errors: Error[] = [];

  override _createParser(): Lines {
    const parser = new Lines();
    // The constructor of the library calls this before our fields are there.
    queueMicrotask(() => this.parsers.push(parser));
    return parser;
  }

  override init(): void {
    this._setListeners(() => this.calls.push('ready'));
  }

  override _onTimeout(): void {
    this.calls.push('timeout');
  }

  override _onError(err: Error): void {
    this.errors.push(err);
    this.close();
  }

  override _onClose(): void {
    super._onClose();
    this.calls.push('closed');
  }
}

class Server extends SMTPServer {
  readonly sessions: Session[] = [];
  readonly calls: string[] = [];
  asksProxy = false;

  override connect(socket: Socket | TLSSocket, options?: SMTPConnectionOptions | null): void {
    const session = new Session(this, socket, { ...options, id: 'x' });
    this.sessions.push(session);
    this.connections.add(session);
    session.init();
  }

  override _warnAboutDefaultCertificate(): void {
    // Called by the constructor of the library.
  }

  override _expectsProxyHeader(): boolean {
    return this.asksProxy;
  }

  override _handleProxy(_socket: Socket, callback: (err: Error | null, options?: SMTPConnectionOptions & { id: string }) => void): void {
    this.calls.push('proxy');
    if (!this.asksProxy) callback(null, { id: '' });
  }

  override _upgrade(socket: Socket, callback: Parameters<SMTPServer['_upgrade']>[1]): void {
    super._upgrade(socket, (err, tlsSocket) => {
      this.calls.push(err ? 'handshake failed' : 'handshake done');
      callback(err, tlsSocket);
    });
  }
}

const { cert, key } = selfSigned('localhost');

const until = async (holds: () => boolean, what: string): Promise<void> => {
  const end = Date.now() + 120_000;
  while (!holds()) {
    assert.ok(Date.now() < end, what);
    await new Promise((again) => setTimeout(again, 5));
  }
};

interface Opened {
  readonly server: Server;
  readonly client: Socket;
  /** The session, once there is one. */
  readonly session: () => Promise<Session>;
}

const opened = async (context: TestContext, options: SMTPServerOptions = {}, asksProxy = false): Promise<Opened> => {
  const server = new Server({ key, cert, logger: false, allowHalfOpen: true, socketTimeout: 60_000, ...options });
  server.asksProxy = asksProxy;
  server.on('error', () => undefined);
  server.server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  const client = connect(port, '127.0.0.1').on('error', () => undefined);
  await once(client, 'connect');
  context.after(() => {
    client.destroy();
    for (const session of server.sessions) session._socket.destroy();
    server.server.close();
  });
  const session = async (): Promise<Session> => {
    await until(() => server.sessions[0] !== undefined, 'a session');
    const [first] = server.sessions;
    assert.ok(first);
    return first;
  };
  return { server, client, session };
};

suite('smtp-server: a connection', () => {
  test('_createParser: what it returns gets every byte, in _write', async (context) => {
    const { client, session } = await opened(context);
    client.write('one\r\ntwo');
    const { parsers } = await session();
    await until(() => parsers[0]?.chunks.join('') === 'one\r\ntwo', 'the bytes');
  });

  test('_setListeners: calls back at once, and _onClose comes once when the socket has gone', async (context) => {
    const { session } = await opened(context);
    const { calls, _socket } = await session();
    assert.deepEqual(calls, ['ready']);
    _socket.destroy();
    await until(() => calls.includes('closed'), '_onClose');
    assert.deepEqual(calls, ['ready', 'closed']);
  });

  test('_onError: reports a reset socket without crashing the process', async (context) => {
    const { client, session } = await opened(context);
    const { errors, calls } = await session();
    client.resetAndDestroy();
    await until(() => calls.includes('closed'), '_onClose');
    assert.equal(errors.length, 1);
  });

  test('_armTimeout and _onTimeout: silence is told once, and again when armed again', async (context) => {
    const { session } = await opened(context, { socketTimeout: 50 });
    const one = await session();
    await until(() => one.calls.includes('timeout'), '_onTimeout');
    one._armTimeout();
    await until(() => one.calls.filter((call) => call === 'timeout').length === 2, '_onTimeout again');
  });

  test('_socket: the socket of the client; _ready is false until we say so', async (context) => {
    const { client, session } = await opened(context);
    const one = await session();
    assert.equal(one._socket.remotePort, client.localPort);
    assert.equal(one._ready, false);
  });

  test('_closing and _closed: false, then closing after close, then closed', async (context) => {
    const { client, session } = await opened(context);
    const one = await session();
    assert.deepEqual([one._closing, one._closed], [false, false]);
    one.close();
    assert.deepEqual([one._closing, one._closed], [true, false]);
    client.destroy();
    await until(() => one._closed, '_closed');
    assert.equal(one._closing, false);
  });

  test('_parser: the parser in use; close sets its isClosed, and nothing more is parsed', async (context) => {
    const { client, session } = await opened(context);
    const one = await session();
    const [parser] = one.parsers;
    assert.equal(one._parser, parser);
    one.close();
    assert.equal(parser?.isClosed, true);
    client.write('more');
    client.end();
    await until(() => one._closed, '_closed');
    assert.deepEqual(parser?.chunks, []);
  });

  test('_flushData: runs once, when the client has said all it will', async (context) => {
    const { client, session } = await opened(context);
    const one = await session();
    client.end('rest');
    await until(() => one.parsers[0]?.flushed === 1, '_flushData');
    assert.deepEqual(one.parsers[0]?.chunks, ['rest']);
  });

  test('_whenWritable: waits while the client does not read, and goes on when it does', async (context) => {
    const { client, session } = await opened(context);
    const one = await session();
    client.pause();
    let resumed = false;
    while (!one._socket.writableNeedDrain) one._socket.write(Buffer.alloc(1024 * 1024));
    one._whenWritable(() => {
      resumed = true;
    });
    assert.equal(resumed, false);
    client.resume();
    await until(() => resumed, 'the drain');
    let atOnce = false;
    one._whenWritable(() => {
      atOnce = true;
    });
    assert.ok(atOnce);
  });

  test('_upgrading: true during the handshake, with a new parser; then _socket is the TLS socket', async (context) => {
    const { client, session } = await opened(context);
    const one = await session();
    const [plain] = one.parsers;
    one.upgrade(
      () => undefined,
      () => one.calls.push('secure'),
    );
    assert.equal(one._upgrading, true);
    assert.equal(plain?.isClosed, true);
    const secure = connectTls({ socket: client, rejectUnauthorized: false }).on('error', () => undefined);
    await once(secure, 'secureConnect');
    await until(() => one.calls.includes('secure'), 'the secure callback');
    assert.equal(one._upgrading, false);
    assert.ok(one._socket instanceof TLSSocket);
    secure.write('secret');
    await until(() => one.parsers[1]?.chunks.join('') === 'secret', 'bytes of the TLS socket');
    assert.deepEqual(plain?.chunks, []);
  });

  test('_upgrading: stays true when the handshake fails, and _onError tells why', async (context) => {
    const { client, session } = await opened(context);
    const one = await session();
    one.upgrade(
      () => undefined,
      () => one.calls.push('secure'),
    );
    client.write('this is no ClientHello\r\n');
    await until(() => one.errors.length > 0, '_onError');
    assert.equal(one._upgrading, true);
    assert.ok(!one.calls.includes('secure'));
  });
});

suite('smtp-server: a listener', () => {
  test('updateSecureContext and _warnAboutDefaultCertificate: what the constructor calls, and secureContext is asked for STARTTLS', async (context) => {
    const called: string[] = [];
    class Watched extends SMTPServer {
      override _warnAboutDefaultCertificate(): void {
        called.push('warn');
      }

      override updateSecureContext(): void {
        called.push('context');
        this.secureContext = new Map();
      }
    }
    const server = new Watched({ logger: false });
    context.after(() => server.server.close());
    assert.deepEqual(called.sort(), ['context', 'warn']);
    assert.equal(server.secureContext.size, 0);
  });

  test('_handleProxy: is asked for every socket, and there is no session before it calls back', async (context) => {
    const { server, session } = await opened(context);
    await session();
    assert.deepEqual(server.calls, ['proxy']);
  });

  test('_expectsProxyHeader and _pendingSockets: a socket that still has to say who it is waits there', async (context) => {
    const { server } = await opened(context, {}, true);
    await until(() => server._pendingSockets.size === 1, 'a pending socket');
    assert.equal(server.sessions.length, 0);
    for (const socket of server._pendingSockets.values()) socket.destroy();
    await until(() => server._pendingSockets.size === 0, 'no pending socket');
  });

  test('_upgrade: implicit TLS before there is a session; a failure is told', async (context) => {
    const good = await opened(context, { secure: true });
    const secure = connectTls({ socket: good.client, rejectUnauthorized: false }).on('error', () => undefined);
    await once(secure, 'secureConnect');
    assert.ok((await good.session())._socket instanceof TLSSocket);
    assert.deepEqual(good.server.calls, ['proxy', 'handshake done']);
    const bad = await opened(context, { secure: true });
    bad.client.write('this is no ClientHello\r\n');
    await until(() => bad.server.calls.includes('handshake failed'), 'the failure');
    assert.equal(bad.server.sessions.length, 0);
  });
});
