/*
 * The yardstick for rows about mail: about the least that one Node process can do to relay a message and keep its word.
 * It reads commands, appends the message to one file with a sync shared by all who wait for one, answers 250, and sends the
 * message on over kept connections, envelope and DATA in one write. No policy, no limits, nothing checked, no faults handled.
 *
 *   node --import tsx bench/mail/floor.ts PORT NEXT_HOP_PORT JOURNAL
 */
import { fdatasync, openSync, writev } from 'node:fs';
import net from 'node:net';

const [port = '', nextHop = '', journal = ''] = process.argv.slice(2);
const CONNECTIONS = 20;
const END = Buffer.from('\r\n.\r\n');

interface Mail {
  readonly from: string;
  readonly to: string;
  readonly parts: readonly Buffer[];
}

const file = openSync(journal, 'a');
let pending: { readonly bytes: readonly Buffer[]; readonly written: () => void }[] = [];
let isWriting = false;

const commit = (): void => {
  if (isWriting || pending.length === 0) return;
  isWriting = true;
  const batch = pending;
  pending = [];
  const written = (): void => {
    isWriting = false;
    for (const each of batch) each.written();
    commit();
  };
  writev(
    file,
    batch.flatMap(({ bytes }) => bytes),
    () => fdatasync(file, written),
  );
};

const append = (bytes: readonly Buffer[], written: () => void): void => {
  pending.push({ bytes, written });
  commit();
};

const queued: Mail[] = [];
const idle: ((mail: Mail) => void)[] = [];
let open = 0;

const deliver = (): void => {
  while (queued.length > 0 && (idle.length > 0 || open < CONNECTIONS)) {
    const send = idle.pop();
    if (send === undefined) {
      connect();
      return;
    }
    const mail = queued.shift();
    if (mail) send(mail);
  }
};

const connect = (): void => {
  open++;
  const socket = net.connect({ port: Number(nextHop), host: '127.0.0.1', noDelay: true });
  let mail: Mail | null = null;
  let step = 0;
  const send = (next: Mail): void => {
    mail = next;
    socket.write(`MAIL FROM:<${next.from}>\r\nRCPT TO:<${next.to}>\r\nDATA\r\n`);
  };
  const content = (): void => {
    socket.cork();
    for (const part of mail?.parts ?? []) socket.write(part);
    socket.write('.\r\n');
    socket.uncork();
  };
  /** Greeting, EHLO, then MAIL, RCPT, DATA and the final dot of each message in turn. */
  const steps = [() => undefined, () => undefined, content];
  const replied = (): void => {
    step++;
    if (step === 1) socket.write('EHLO floor.example\r\n');
    else if ((step - 2) % 4 > 0) steps[((step - 2) % 4) - 1]?.();
    else {
      if (mail) append([Buffer.from('done\n')], () => undefined);
      idle.push(send);
      deliver();
    }
  };
  let rest = '';
  socket.on('error', () => undefined);
  socket.on('data', (bytes: Buffer) => {
    const lines = (rest + bytes.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line[3] !== '-') replied();
  });
};

const server = net.createServer({ noDelay: true }, (socket) => {
  let bytes: Buffer = Buffer.alloc(0);
  let content: Buffer[] | null = null;
  let [from, to] = ['', ''];
  const path = (line: string): string => line.slice(line.indexOf('<') + 1, line.indexOf('>'));
  const received = (parts: readonly Buffer[]): void => {
    const mail = { from, to, parts: [Buffer.from(`Received: by floor.example; ${new Date().toUTCString()}\r\n`), ...parts] };
    append(mail.parts, () => {
      socket.write('250 queued\r\n');
      queued.push(mail);
      deliver();
    });
  };
  const command = (line: string): void => {
    const verb = line.slice(0, 4);
    if (verb === 'MAIL') from = path(line);
    if (verb === 'RCPT') to = path(line);
    if (verb === 'DATA') content = [];
    if (verb === 'QUIT') socket.end('221 bye\r\n');
    else socket.write(verb === 'DATA' ? '354 go on\r\n' : '250 ok\r\n');
  };
  /** The source sends nothing behind the final dot, so it can only stand at the end of what has arrived. */
  const part = (arrived: Buffer[]): void => {
    arrived.push(bytes);
    const tail = bytes.length < END.length ? Buffer.concat(arrived.slice(-3)) : bytes;
    bytes = Buffer.alloc(0);
    if (!tail.subarray(-END.length).equals(END)) return;
    content = null;
    received([Buffer.concat(arrived).subarray(0, -3)]);
  };
  socket.on('error', () => undefined);
  socket.on('data', (arrived: Buffer) => {
    bytes = bytes.length > 0 ? Buffer.concat([bytes, arrived]) : arrived;
    while (bytes.length > 0) {
      if (content) return part(content);
      const end = bytes.indexOf('\r\n');
      if (end < 0) return;
      const line = bytes.toString('latin1', 0, end);
      bytes = bytes.subarray(end + 2);
      command(line);
    }
  });
  socket.write('220 floor.example\r\n');
});
server.listen({ port: Number(port), host: '127.0.0.1', backlog: 1024 });
