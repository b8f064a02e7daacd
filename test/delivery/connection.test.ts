import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NextHopConnection } from '../../src/delivery/client/connection.ts';
import type { Endpoint } from '../../src/delivery/client/endpoint.ts';
import { openConnection } from '../../src/delivery/client/open.ts';
import { ConnectionPool } from '../../src/delivery/pool.ts';
import { type NextHopOptions, nextHop } from '../kit/next-hop.ts';
import { until } from '../kit/until.ts';
import { closeAfter } from './delivery-to-hop.ts';
import { shortTimeouts } from './test-delivery.ts';

const limits = { idle: 60, messagesPerConnection: 10 };

const opening = { timeouts: shortTimeouts, adopt: () => undefined };

const open = async (options: NextHopOptions = {}) => {
  const hop = await nextHop(options);
  closeAfter(hop.close);
  const endpoint: Endpoint = {
    place: { kind: 'ip', address: '127.0.0.1', port: hop.port },
    name: '127.0.0.1',
    protocol: 'smtp',
    tls: 'none',
    trust: null,
    auth: null,
    sourceIp: null,
    helo: 'relay.test',
  };
  const connection = await openConnection(endpoint, opening);
  closeAfter(async () => connection.close());
  return { hop, connection, endpoint };
};

test('the EHLO extensions are available, though nodemailer keeps them private', async () => {
  const { connection } = await open({ offers: ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'DSN', 'SIZE 12345'] });
  for (const extension of ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'DSN', 'SIZE'])
    assert.equal(connection.offers(extension), true, extension);
  assert.deepEqual([connection.offers('CHUNKING'), connection.sizeLimit, connection.lmtp, connection.usable], [false, 12_345, false, true]);
});

test('commands of our own get their replies in order, between those of nodemailer', async () => {
  const { connection } = await open();
  const replies: string[] = [];
  connection.exchange(['RSET', 'VRFY x', 'RSET'], (reply, index) => replies.push(`${index} ${reply.slice(0, 3)}`));
  await new Promise<void>((resolve, reject) => connection.reset((error) => (error ? reject(error) : resolve())));
  assert.deepEqual(replies, ['0 250', '1 500', '2 250']);
});

const silentAtRset: NextHopOptions = { script: (step) => (step === 'rset' ? { act: 'hang' } : undefined) };

test('replies are the same however they arrive', async () => {
  const wire = '250 2.1.0 one\r\n250-2.1.5 two\r\n250 2.1.5 more\r\n250\r\n550 5.1.1 \xfcnknown\r\n354 go on\r\n';
  const expected = ['250 2.1.0 one', '250-2.1.5 two\n250 2.1.5 more', '250', '550 5.1.1 \xfcnknown', '354 go on'];
  for (const cut of [1, 2, 3, 7, 14, 15, 20, 40, 70, wire.length]) {
    const { hop, connection } = await open(silentAtRset);
    const replies: string[] = [];
    connection.exchange(['RSET', 'RSET', 'RSET', 'RSET', 'RSET'], (reply) => replies.push(reply));
    for (let at = 0; at < wire.length; at += cut) connection.socket?.emit('data', Buffer.from(wire.slice(at, at + cut), 'latin1'));
    await until(() => replies.length === expected.length, 'all replies');
    assert.deepEqual(replies, expected, `in pieces of ${cut}`);
    connection.close();
    await hop.close();
  }
});

test('a reply nobody waits for ends the connection, also right behind one that was awaited', async () => {
  for (const extra of ['250 once more\r\n', '421 4.3.2 closing\r\n']) {
    const { connection } = await open(silentAtRset);
    const replies: string[] = [];
    connection.exchange(['RSET'], (reply) => replies.push(reply));
    connection.socket?.emit('data', Buffer.from(`250 2.1.0 ok\r\n${extra}`));
    await until(() => !connection.usable, 'the end of the connection');
    assert.deepEqual(replies, ['250 2.1.0 ok']);
  }
});

test('pending commands fail once when the connection is lost', async () => {
  const { hop, connection } = await open();
  let told = 0;
  connection.onLost = () => {
    told += 1;
  };
  await hop.close();
  await until(() => !connection.usable, 'the end of the connection');
  await new Promise(setImmediate);
  assert.deepEqual([told, connection.usable], [1, false]);
});

test('a connection from the chosen address', async () => {
  const { endpoint } = await open();
  const connection = await openConnection({ ...endpoint, sourceIp: '127.0.0.3' }, opening);
  closeAfter(async () => connection.close());
  assert.equal(connection.socket?.localAddress, '127.0.0.3');
});

/** What the pool gives out once `over`. */
const idleUntil = async (over: () => boolean, connection: NextHopConnection): Promise<NextHopConnection | null> => {
  const pool = new ConnectionPool();
  pool.giveBack('key', connection, limits);
  await until(over, 'the end of the idle time');
  const taken = pool.take('key');
  pool.close();
  return taken;
};

test('the pool keeps a connection for a while, then says QUIT', async () => {
  const first = await open();
  assert.equal(await idleUntil(() => true, first.connection), first.connection);
  const second = await open();
  assert.equal(await idleUntil(() => second.hop.open() === 0, second.connection), null);
  assert.deepEqual(second.hop.sessions[0]?.commands, ['EHLO relay.test', 'QUIT']);
  assert.equal(second.hop.open(), 0);
});

test('the pool never gives out a connection that was closed meanwhile', async () => {
  const { hop, connection } = await open();
  const pool = new ConnectionPool();
  pool.giveBack('key', connection, limits);
  await hop.close();
  await until(() => !connection.usable, 'the end of the connection');
  assert.equal(pool.take('key'), null);
});

test('an unsolicited 421 closes an idle connection', async () => {
  const { connection } = await open({ script: (step) => (step === 'rset' ? '250 ok\r\n421 4.3.2 going down' : undefined) });
  const pool = new ConnectionPool();
  connection.exchange(['RSET'], () => undefined);
  await until(() => !connection.usable, 'the 421');
  pool.giveBack('key', connection, limits);
  assert.equal(pool.take('key'), null);
});
