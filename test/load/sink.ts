import net from 'node:net';

const REPLIES: Readonly<Record<string, string>> = { EHLO: '250-sink\r\n250 PIPELINING', DATA: '354 go', QUIT: '221 bye' };

/** Next hops that take everything and keep nothing but the recipients' names. */
export interface Sink {
  /** Messages taken, by domain of the recipient. */
  readonly taken: ReadonlyMap<string, number>;
  /** Resolves when this address is named in RCPT. */
  readonly asked: (address: string) => Promise<void>;
  readonly close: () => void;
}

/** Listens on port 25 of a loopback address. */
export const openSink = async (host: string): Promise<Sink> => {
  const taken = new Map<string, number>();
  const waiting = new Map<string, () => void>();
  const recipient = (line: string): void => {
    const address = line.slice(line.indexOf('<') + 1, line.indexOf('>'));
    const domain = address.slice(address.indexOf('@') + 1);
    taken.set(domain, (taken.get(domain) ?? 0) + 1);
    waiting.get(address)?.();
  };
  const server = net.createServer({ noDelay: true }, (socket) => {
    let content = false;
    let rest = '';
    const answersTo = (line: string): readonly string[] => {
      if (content && line !== '.') return [];
      if (line.startsWith('RCPT')) recipient(line);
      content = line === 'DATA';
      return [REPLIES[line.slice(0, 4)] ?? '250 ok'];
    };
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      const lines = (rest + bytes.toString('latin1')).split('\r\n');
      rest = lines.pop() ?? '';
      const answers = lines.flatMap(answersTo);
      if (answers.length > 0) socket.write(`${answers.join('\r\n')}\r\n`);
    });
    socket.write('220 sink\r\n');
  });
  await new Promise<void>((resolve) => server.listen(25, host, resolve));
  const asked = (address: string): Promise<void> => new Promise((resolve) => waiting.set(address, resolve));
  return { taken, asked, close: () => server.close() };
};

/** Accepts connections and says nothing. */
export const openMute = async (host: string): Promise<{ close: () => void }> => {
  const server = net.createServer((socket) => socket.on('error', () => socket.destroy()).resume());
  await new Promise<void>((resolve) => server.listen(25, host, resolve));
  return { close: () => server.close() };
};
