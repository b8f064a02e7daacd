import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { closeAfter } from './delivery-to-hop.ts';

/** What a next hop does with a connection; it may go on until the socket is destroyed. */
export type Evil = (peer: Peer) => Promise<void>;

export interface Peer {
  readonly socket: net.Socket;
  /** Resolves when the client has sent a line that begins so; rejects when it has gone. */
  readonly hears: (verb: string) => Promise<void>;
  readonly says: (text: string | Buffer) => void;
  /** As much as the client takes, until it hangs up. */
  readonly pumps: (text: string | Buffer) => Promise<void>;
  /** A piece now and then, until the client hangs up. */
  readonly trickles: (text: string | Buffer) => Promise<void>;
}

export interface EvilHop {
  readonly port: number;
  /** Bytes that the client took, over all connections. */
  readonly taken: () => number;
  /** Connections that the client has not hung up. */
  readonly open: () => number;
  readonly connections: () => number;
}

const peerOf = (socket: net.Socket): Peer => {
  let heard = '';
  socket.on('data', (bytes: Buffer) => {
    heard = (heard + bytes.toString('latin1')).slice(-10_000);
  });
  const hears = async (verb: string): Promise<void> => {
    const line = new RegExp(`(?:^|\\n)${verb}`, 'i');
    while (!line.test(heard)) {
      if (socket.destroyed) throw new Error('the client has gone');
      await pause(5);
    }
    heard = '';
  };
  const pumps = async (text: string | Buffer): Promise<void> => {
    const piece = Buffer.alloc(64 * 1024, text);
    while (!socket.destroyed)
      if (socket.write(piece)) await pause(0);
      else await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), pause(50)]);
  };
  const trickles = async (text: string | Buffer): Promise<void> => {
    while (!socket.destroyed) {
      socket.write(text);
      await pause(50);
    }
  };
  return { socket, hears, says: (text) => void socket.write(text), pumps, trickles };
};

/** A next hop on the loopback that keeps to nothing; gone with the test. */
export const evilHop = async (evil: Evil): Promise<EvilHop> => {
  const sockets = new Set<net.Socket>();
  let past = 0;
  let connections = 0;
  const takenBy = (socket: net.Socket): number => socket.bytesWritten - socket.writableLength;
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      past += takenBy(socket);
      sockets.delete(socket);
    });
    evil(peerOf(socket)).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAfter(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    taken: () => [...sockets].reduce((sum, socket) => sum + takenBy(socket), past),
    open: () => [...sockets].filter((socket) => !socket.readableEnded).length,
    connections: () => connections,
  };
};
