import net from 'node:net';
import { until } from './until.ts';

const END = Buffer.from('\r\n.\r\n');
const REPLIES: Readonly<Record<string, string>> = {
  EHLO: '250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE',
  DATA: '354 go on',
  QUIT: '221 bye',
};

/** The next hop of all contenders: takes everything and keeps nothing. */
export interface Sink {
  readonly port: number;
  /** Resolves when this many more messages have arrived; rejects after a minute without one. */
  readonly arrivals: (count: number) => Promise<void>;
  readonly close: () => void;
}

/** Listens on a free port of 127.0.0.1. */
export const openSink = async (): Promise<Sink> => {
  let taken = 0;
  const server = net.createServer({ noDelay: true }, (socket) => {
    let rest = '';
    let content = false;
    let tail: Buffer = Buffer.alloc(0);
    const answer = (line: string): string => {
      content = line === 'DATA';
      return `${REPLIES[line.slice(0, 4)] ?? '250 ok'}\r\n`;
    };
    /** Contenders wait for the reply to a message before they go on, so it ends where the data ends. */
    const part = (bytes: Buffer): void => {
      tail = Buffer.concat([tail, bytes.subarray(-END.length)]).subarray(-END.length);
      if (!tail.equals(END)) return;
      content = false;
      tail = Buffer.alloc(0);
      taken++;
      socket.write('250 taken\r\n');
    };
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes: Buffer) => {
      if (content) return part(bytes);
      const lines = (rest + bytes.toString('latin1')).split('\r\n');
      rest = lines.pop() ?? '';
      socket.write(lines.map(answer).join(''));
    });
    socket.write('220 sink.example\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const arrivals = (count: number): Promise<void> => {
    const goal = taken + count;
    return until(
      () => taken >= goal,
      () => taken,
    );
  };
  return { port: typeof address === 'object' && address ? address.port : 0, arrivals, close: () => server.close() };
};
