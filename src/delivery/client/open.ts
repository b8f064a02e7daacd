import type net from 'node:net';
import type { Timeouts } from '../settings.ts';
import { NextHopConnection } from './connection.ts';
import { dial } from './dial.ts';
import type { Endpoint, Login } from './endpoint.ts';
import { ConnectionLost, lostBy } from './lost.ts';
import { REPLY_LIMIT } from './reply-allowance.ts';

export interface Opening {
  readonly timeouts: Timeouts;
  /** Called with the connection before the greeting, so that it can be aborted at any stage. */
  readonly adopt: (connection: NextHopConnection) => void;
}

/**
 * Connects, says EHLO, starts TLS according to the endpoint's policy, and logs in. With `opportunistic`, a
 * failed handshake is followed by another connection without TLS, since the broken one cannot be reused.
 * Credentials are sent unencrypted only if the route says `tls: none`.
 * @throws ConnectionLost
 */
export const openConnection = async (endpoint: Endpoint, opening: Opening): Promise<NextHopConnection> => {
  try {
    return await attempt(endpoint, opening);
  } catch (error) {
    const fallBack = error instanceof ConnectionLost && error.reason === 'tls' && mayFallBack(endpoint);
    if (!fallBack) throw error;
    return attempt({ ...endpoint, tls: 'none' }, opening);
  }
};

const mayFallBack = (endpoint: Endpoint): boolean =>
  endpoint.tls === 'opportunistic' && endpoint.protocol !== 'smtps' && endpoint.auth === null;

const attempt = async (endpoint: Endpoint, { timeouts, adopt }: Opening): Promise<NextHopConnection> => {
  const socket = await dial(endpoint, timeouts.connect);
  const connection = new NextHopConnection(connectionOptions(endpoint, socket, timeouts));
  adopt(connection);
  const overdue = setTimeout(() => {
    connection.onLost?.(overdueIn(connection, endpoint));
    connection.close();
  }, timeouts.greeting + timeouts.command);
  try {
    await greet(connection);
    if (endpoint.auth) await logIn(connection, endpoint, endpoint.auth);
  } finally {
    clearTimeout(overdue);
  }
  connection.opened();
  return connection;
};

/** TLS was offered but failed: endpoints that do not require it are tried without. */
const overdueIn = (connection: NextHopConnection, { tls }: Endpoint): ConnectionLost => {
  const isAsked = tls !== 'none' && !connection.secure && /^250[ -]STARTTLS\b/im.test(connection.lastServerResponse || '');
  if (isAsked || connection.upgrading === true) return new ConnectionLost('tls', 'STARTTLS took too long');
  return new ConnectionLost('timeout', 'greeting, EHLO, TLS and login took too long');
};

const connectionOptions = (endpoint: Endpoint, socket: net.Socket, timeouts: Timeouts) => {
  const named = endpoint.place.kind === 'ip' && endpoint.place.address !== endpoint.name;
  const mandatory = endpoint.tls === 'required' || endpoint.tls === 'verify';
  return {
    connection: socket,
    host: endpoint.name,
    ...(named ? { servername: endpoint.name } : {}),
    name: endpoint.helo,
    lmtp: endpoint.protocol === 'lmtp',
    secure: endpoint.protocol === 'smtps',
    ignoreTLS: endpoint.tls === 'none',
    requireTLS: mandatory && endpoint.protocol !== 'smtps',
    opportunisticTLS: endpoint.tls === 'opportunistic',
    connectionTimeout: timeouts.greeting,
    greetingTimeout: timeouts.greeting,
    socketTimeout: timeouts.afterDot + timeouts.command,
    socketCloseTimeout: 1_000,
    maxResponseSize: REPLY_LIMIT,
    tls: { rejectUnauthorized: endpoint.tls === 'verify', ...(endpoint.trust === null ? {} : { ca: endpoint.trust }) },
  };
};

const greet = (connection: NextHopConnection): Promise<void> =>
  new Promise((resolve, reject) => {
    connection.onLost = reject;
    connection.connect((error) => {
      connection.onLost = null;
      if (error) {
        connection.close();
        reject(lostBy(error));
      } else resolve();
    });
  });

const logIn = (connection: NextHopConnection, endpoint: Endpoint, login: Login): Promise<void> =>
  new Promise((resolve, reject) => {
    const fail = (lost: ConnectionLost): void => {
      connection.onLost = null;
      connection.close();
      reject(lost);
    };
    if (!connection.secure && endpoint.tls !== 'none') {
      fail(new ConnectionLost('tls', 'no TLS offered, so no password sent'));
      return;
    }
    connection.onLost = reject;
    connection.login({ user: login.user, pass: login.password }, (error) => {
      connection.onLost = null;
      if (error) fail(lostBy(error));
      else resolve();
    });
  });
