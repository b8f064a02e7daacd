import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import packet, { type Answer, type OptAnswer, type Packet } from 'dns-packet';
import { LookupFailure } from '../../src/lookup/failure.ts';
import { Resolver } from '../../src/lookup/resolver.ts';
import { answerOf, decodeReply } from '../../src/lookup/wire.ts';

const { AUTHORITATIVE_ANSWER: AA, RECURSION_AVAILABLE: RA, TRUNCATED_RESPONSE: TC } = packet;
const NAME = 'example.com';
const QUESTION = { id: 7, name: NAME, type: 'A' } as const;

const SOA: Answer = {
  type: 'SOA',
  name: NAME,
  ttl: 60,
  data: { mname: 'ns.example.com', rname: 'hostmaster.example.com', serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 60 },
};
const NS: Answer = { type: 'NS', name: 'com', ttl: 60, data: 'a.gtld.example' };
const ADDRESS: Answer = { type: 'A', name: NAME, ttl: 60, data: '192.0.2.1' };
const alias = (name: string, data: string): Answer => ({ type: 'CNAME', name, ttl: 60, data });
const extended = (extendedRcode: number): OptAnswer => ({
  type: 'OPT',
  name: '.',
  udpPayloadSize: 1232,
  extendedRcode,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
});

/** A status, or the kind of the failure. */
const read = (reply: Partial<Packet>): string => {
  const bytes = packet.encode({ type: 'response', id: 7, questions: [{ type: 'A', name: NAME }], ...reply });
  const decoded = decodeReply(bytes, QUESTION);
  if (decoded === null) return 'passed over';
  try {
    return answerOf(decoded, QUESTION).status;
  } catch (error) {
    return error instanceof LookupFailure ? error.kind : assert.fail(String(error));
  }
};

type Case = readonly [what: string, reply: Partial<Packet>, expected: string];

const CASES: readonly Case[] = [
  ['addresses', { flags: RA, answers: [ADDRESS] }, 'found'],
  ['no data', { flags: RA, authorities: [SOA] }, 'no data'],
  ['no data without a SOA, as caches of routers say it', { flags: RA }, 'no data'],
  ['no data of a server for the zone', { flags: AA, authorities: [SOA, NS] }, 'no data'],
  ['no such name', { flags: RA | 3, authorities: [SOA] }, 'no such name'],
  ['a referral', { flags: 0, authorities: [NS] }, 'server failure'],
  ['a referral of a server that asks others', { flags: RA, authorities: [NS] }, 'server failure'],
  ['an alias whose end the server neither has nor asks for', { flags: AA, answers: [alias(NAME, 'other.example')] }, 'server failure'],
  ['an alias that ends in nothing', { flags: RA, answers: [alias(NAME, 'other.example')], authorities: [SOA] }, 'no data'],
  ['an alias of itself', { flags: RA, answers: [alias(NAME, NAME)] }, 'malformed answer'],
  ['a circle of aliases', { flags: RA, answers: [alias(NAME, 'b.example'), alias('b.example', NAME)] }, 'malformed answer'],
  ['an answer that is cut off', { flags: RA | TC, answers: [ADDRESS] }, 'malformed answer'],
  ['nothing, cut off', { flags: RA | TC }, 'malformed answer'],
  ['BADVERS, whose lower bits are those of an answer', { flags: RA, additionals: [extended(1)] }, 'server failure'],
  ['19, whose lower bits say that there is no such name', { flags: RA | 3, additionals: [extended(1)] }, 'server failure'],
  ['an extended code of 0', { flags: RA, answers: [ADDRESS], additionals: [extended(0)] }, 'found'],
  ...[1, 2, 4, 6, 9, 10, 11].map((code): Case => [`code ${code}`, { flags: RA | code, authorities: [SOA] }, 'server failure']),
  ['REFUSED', { flags: RA | 5 }, 'refused'],
  ['an answer to another question', { flags: RA, questions: [{ type: 'AAAA', name: NAME }], answers: [ADDRESS] }, 'passed over'],
  ['no question at all', { flags: RA, questions: [] }, 'passed over'],
];

describe('a DNS reply is an answer, or nothing is known', () => {
  for (const [what, reply, expected] of CASES) test(what, () => assert.equal(read(reply), expected));
});

test('a TCP reply that hangs, ends early or is truncated is a failure within the timeout', async () => {
  const whole = packet.encode({ type: 'response', id: 0, flags: RA, questions: [{ type: 'A', name: NAME }], answers: [ADDRESS] });
  const cut = packet.encode({ type: 'response', id: 0, flags: RA | TC, questions: [{ type: 'A', name: NAME }], answers: [ADDRESS] });
  const framed = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
  const behaviours: readonly (readonly [(id: Buffer) => Buffer | null, boolean])[] = [
    [() => null, false],
    [() => Buffer.from([0]), false],
    [() => Buffer.from([255, 255, 1]), true],
    [(id) => framed(Buffer.concat([id, whole.subarray(2, -3)])), false],
    [(id) => framed(Buffer.concat([id, cut.subarray(2)])), false],
    [() => framed(Buffer.from('nonsense')), false],
  ];
  for (const [answer, closes] of behaviours) {
    const tcp = createServer((socket) => {
      socket
        .on('error', () => undefined)
        .once('data', (asked) => {
          const bytes = answer(asked.subarray(2, 4));
          if (bytes !== null) socket.write(bytes);
          if (closes) socket.end();
        });
    }).listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const address = tcp.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const udp = createSocket('udp4').bind(port, '127.0.0.1');
    await once(udp, 'listening');
    udp.on('message', (asked, from) => {
      const reply = packet.encode({ type: 'response', id: asked.readUInt16BE(0), flags: RA | TC, questions: [{ type: 'A', name: NAME }] });
      udp.send(reply, from.port, from.address);
    });
    const started = performance.now();
    await assert.rejects(
      new Resolver({ servers: [`127.0.0.1:${port}`], timeout: 300 }).query(NAME, 'A', AbortSignal.timeout(5000)),
      LookupFailure,
    );
    assert.ok(performance.now() - started < 10_000);
    udp.close();
    tcp.close();
  }
});
