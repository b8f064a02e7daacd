import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import packet, { type Answer } from 'dns-packet';
import { dnsText } from '../../grammar/dns-text.ts';
import { hopReply } from '../../grammar/hop.ts';
import { mutated } from '../../mutate.ts';
import { Random } from '../../random.ts';

/** Whom the relay has to do with beside its clients. They answer by the seed of the case under way. */
export interface Surroundings {
  seed: string;
  readonly dns: string;
  readonly hop: number;
  readonly close: () => void;
}

const answersTo = (random: Random, name: string, type: string): Answer[] => {
  if (type === 'TXT')
    return random.several(0, 3, () => ({
      type: 'TXT' as const,
      name,
      data: Buffer.from(dnsText(random), 'latin1').subarray(0, 255),
      ttl: 1,
    }));
  if (type === 'MX')
    return [{ type: 'MX', name, data: { preference: 1, exchange: random.pick(['mx.example', '.', 'localhost']) }, ttl: 1 }];
  if (type === 'PTR') return [{ type: 'PTR', name, data: random.pick(['mx.example', 'x'.repeat(60), '1.2.3.4']), ttl: 1 }];
  if (type === 'A') return [{ type: 'A', name, data: random.pick(['192.0.2.1', '127.0.0.1', '127.0.0.2']), ttl: 1 }];
  return [];
};

const startDns = async (surroundings: { seed: string }): Promise<UdpSocket> => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  socket.on('message', (query, { port, address }) => {
    const [question] = packet.decode(query).questions ?? [];
    if (question === undefined) return;
    const random = new Random(`${surroundings.seed} dns ${question.type} ${question.name}`);
    if (random.chance(0.05)) return;
    const flags = packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE | random.pick([0, 0, 0, 2, 3, 5]);
    const reply = packet.encode({
      type: 'response',
      id: query.readUInt16BE(0),
      flags,
      questions: [question],
      answers: answersTo(random, question.name, question.type),
    });
    socket.send(mutated(random, reply, 0.8), port, address);
  });
  await once(socket, 'listening');
  return socket;
};

const VERB = /^[A-Za-z]{4}|^\.$/;

const serveHop = (surroundings: { seed: string }, socket: net.Socket): void => {
  const random = new Random(`${surroundings.seed} hop`);
  let rest = '';
  let inContent = false;
  const say = (verb: string): void => {
    const reply = hopReply(random, verb);
    if (reply === null) socket.destroy();
    else socket.write(reply, 'latin1');
    inContent = verb === 'DATA' && reply?.startsWith('3') === true;
  };
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes: Buffer) => {
    const lines = (rest + bytes.toString('latin1')).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (!inContent || line === '.') say(VERB.exec(line)?.[0].toUpperCase() ?? '');
  });
  say('');
};

export const startSurroundings = async (): Promise<Surroundings> => {
  const state = { seed: '' };
  const dns = await startDns(state);
  const hop = net.createServer((socket) => serveHop(state, socket)).listen(0, '127.0.0.1');
  await once(hop, 'listening');
  const address = hop.address();
  return Object.assign(state, {
    dns: `127.0.0.1:${dns.address().port}`,
    hop: typeof address === 'object' && address !== null ? address.port : 0,
    close: () => {
      dns.close();
      hop.close();
    },
  });
};
