import net from 'node:net';
import type { Endpoint } from './endpoint.ts';
import { ConnectionLost } from './lost.ts';

/**
 * Opens the socket to an endpoint.
 * @param milliseconds Time-out of the TCP handshake; the system's own is minutes.
 * @throws ConnectionLost `unreachable` (refused, no route, no such socket) or `timeout`
 */
export const dial = (endpoint: Endpoint, milliseconds: number): Promise<net.Socket> =>
  new Promise((resolve, reject) => {
    const socket = net.connect(socketOptions(endpoint));
    const fail = (lost: ConnectionLost): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(lost);
    };
    const timer = setTimeout(() => fail(new ConnectionLost('timeout', 'connection timed out')), milliseconds);
    const onError = (error: Error): void => fail(new ConnectionLost('unreachable', error.message));
    socket.once('error', onError);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeListener('error', onError);
      resolve(socket);
    });
  });

const socketOptions = ({ place, sourceIp }: Endpoint): net.NetConnectOpts => {
  if (place.kind === 'socket') return { path: place.path };
  const options = { host: place.address, port: place.port, noDelay: true };
  return sourceIp === null ? options : { ...options, localAddress: sourceIp };
};
