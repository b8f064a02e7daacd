import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import packet, { type Answer, type DecodedPacket, type Question } from 'dns-packet';
import { answersFor, NXDOMAIN, REFUSED, type Reply, SERVFAIL, type Zone } from './dns-zone.ts';

export type { Host, Zone } from './dns-zone.ts';

const RCODES: Readonly<Record<string, number>> = { [SERVFAIL]: 2, [NXDOMAIN]: 3, [REFUSED]: 5 };

export interface Asked {
  readonly name: string;
  readonly type: string;
  readonly over: 'udp' | 'tcp';
}

/**
 * A DNS server on loopback, UDP and TCP on one port, that answers from a plain object and writes down what
 * it was asked. The zone may be replaced while it runs: `server.zone = {...}`.
 */
export class DnsServer {
  zone: Zone;
  readonly queries: Asked[] = [];
  readonly #udp: UdpSocket;
  readonly #tcp: Server;
  readonly #sockets = new Set<Socket>();
  readonly #port: number;

  private constructor(zone: Zone, udp: UdpSocket, tcp: Server, port: number) {
    this.zone = zone;
    this.#udp = udp;
    this.#tcp = tcp;
    this.#port = port;
    udp.on('message', (query, from) => void this.#overUdp(query, from));
    tcp.on('connection', (socket) => this.#overTcp(socket));
  }

  static async start(zone: Zone): Promise<DnsServer> {
    const tcp = createServer().listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const port = portOf(tcp);
    const udp = createSocket('udp4').bind(port, '127.0.0.1');
    await once(udp, 'listening');
    return new DnsServer(zone, udp, tcp, port);
  }

  /** `127.0.0.1:53535`, as `dns.servers` takes it. */
  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** How many queries for `name` arrived, of `type` only if one is given. */
  count(name: string, type?: string): number {
    return this.queries.filter((asked) => asked.name === name && (type === undefined || asked.type === type)).length;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#udp.close();
    this.#tcp.close();
    await once(this.#tcp, 'close');
  }

  async #overUdp(query: Buffer, from: RemoteInfo): Promise<void> {
    const asked = packet.decode(query);
    const reply = await this.#reply(asked, 'udp');
    if (reply === null) return;
    const truncated = reply.truncate === true;
    this.#send(encode(asked, truncated ? { ...reply, answers: [] } : reply, truncated), from);
  }

  #send(bytes: Buffer, to: RemoteInfo): void {
    try {
      this.#udp.send(bytes, to.port, to.address);
    } catch {
      // The test is over and the socket closed while an answer was held back.
    }
  }

  #overTcp(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket)).on('error', () => socket.destroy());
    let bytes = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length < 2 || bytes.length < bytes.readUInt16BE(0) + 2) return;
      const asked = packet.decode(bytes, 2);
      bytes = bytes.subarray(bytes.readUInt16BE(0) + 2);
      void this.#answerTcp(socket, asked);
    });
  }

  async #answerTcp(socket: Socket, asked: DecodedPacket): Promise<void> {
    const reply = await this.#reply(asked, 'tcp');
    if (reply === null) return;
    const body = encode(asked, reply, false);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(body.length);
    socket.write(Buffer.concat([length, body]));
  }

  async #reply(asked: DecodedPacket, over: 'udp' | 'tcp'): Promise<Reply | null> {
    const question = asked.questions?.[0];
    if (question === undefined) return null;
    this.queries.push({ name: question.name.toLowerCase(), type: question.type, over });
    const reply = answersFor(this.zone, question.name.toLowerCase(), question.type);
    if (reply.delay > 0) await after(reply.delay, undefined, { ref: false });
    return reply.rcode === 'TIMEOUT' ? null : reply;
  }
}

const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return address.port;
};

const encode = (asked: DecodedPacket, reply: Reply, truncated: boolean): Buffer => {
  const questions: Question[] = asked.questions ?? [];
  const soa: Answer = { type: 'SOA', name: 'test', ttl: reply.negativeTtl, data: soaData(reply.negativeTtl) };
  return packet.encode({
    type: 'response',
    id: asked.id ?? 0,
    flags: packet.RECURSION_DESIRED | packet.RECURSION_AVAILABLE | (truncated ? packet.TRUNCATED_RESPONSE : 0) | (RCODES[reply.rcode] ?? 0),
    questions,
    answers: [...reply.answers],
    authorities: reply.answers.length === 0 && !truncated ? [soa] : [],
  });
};

const soaData = (minimum: number) => ({
  mname: 'ns.test',
  rname: 'admin.test',
  serial: 1,
  refresh: 3600,
  retry: 600,
  expire: 86_400,
  minimum,
});
