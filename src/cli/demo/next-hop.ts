import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** One message with its envelope. */
export interface Arrival {
  readonly recipients: readonly string[];
  readonly message: string;
}

/** The server behind the relay, which takes everything and keeps it to be looked at. */
export interface NextHop {
  readonly port: number;
  /** In the order in which they came. */
  readonly arrived: readonly Arrival[];
  readonly close: () => Promise<void>;
}

/** Opens a next hop on a port of the loopback that the system gives. */
export const openNextHop = async (): Promise<NextHop> => {
  const arrived: Arrival[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const recipients = envelope.rcptTo.map(({ address }) => address);
        arrived.push({ recipients, message: Buffer.concat(chunks).toString('utf8') });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  const { port } = await new Promise<AddressInfo>((resolve) => {
    const { server: listening } = server;
    server.listen(0, '127.0.0.1', () => resolve(boundTo(listening.address())));
  });
  return { port, arrived, close: () => new Promise((resolve) => server.close(resolve)) };
};

const boundTo = (address: AddressInfo | string | null): AddressInfo => {
  if (address === null || typeof address === 'string') throw new Error('the next hop has no port');
  return address;
};
