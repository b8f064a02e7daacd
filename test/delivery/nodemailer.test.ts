import assert from 'node:assert/strict';
import { test } from 'node:test';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { selfSigned } from '../kit/certificate.ts';
import { type NextHopOptions, nextHop } from '../kit/next-hop.ts';
import { closeAfter } from './delivery-to-hop.ts';

/*
 * What `NextHopConnection` needs of six members that nodemailer keeps to itself, a test for each: an update that
 * changes one fails here first, and says which.
 */
class Opened extends SMTPConnection {
  declare readonly _supportedExtensions: readonly string[];
  declare readonly _maxAllowedSize: number;
  declare readonly _responseActions: ((reply: string) => void)[];
  declare readonly _responseQueue: readonly string[];
  declare readonly _remainder: string;
  declare _onSocketData: (bytes: Buffer) => void;
}

const connected = async (options: NextHopOptions, more: SMTPConnection.Options = {}): Promise<Opened> => {
  const hop = await nextHop(options);
  closeAfter(hop.close);
  const connection = new Opened({ host: '127.0.0.1', port: hop.port, tls: { rejectUnauthorized: false }, ...more });
  closeAfter(async () => connection.close());
  await new Promise<void>((resolve, reject) => {
    connection.once('error', reject);
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  return connection;
};

test('_supportedExtensions has the names that the last EHLO offered, in upper case', async () => {
  const offers = ['pipelining', '8BITMIME', 'SMTPUTF8', 'DSN', 'SIZE 5'];
  const plain = await connected({ offers }, { ignoreTLS: true });
  for (const name of ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'DSN', 'SIZE']) assert.ok(plain._supportedExtensions.includes(name), name);
  const none = await connected({ offers: [] }, { ignoreTLS: true });
  assert.deepEqual(none._supportedExtensions, []);
});

test('_maxAllowedSize is the number behind SIZE, and 0 without one', async () => {
  for (const [offer, size] of [
    ['SIZE 12345', 12_345],
    ['SIZE', 0],
    ['DSN', 0],
  ] as const)
    assert.equal((await connected({ offers: [offer] }, { ignoreTLS: true }))._maxAllowedSize, size, offer);
});

test('_responseActions is a queue: each whole reply, all its lines, goes to the first and takes it off', async () => {
  const connection = await connected({ script: (step) => (step === 'rset' ? '250-one\r\n250 two' : undefined) }, { ignoreTLS: true });
  assert.deepEqual(connection._responseActions, [], 'nothing is awaited after EHLO');
  const replies: string[] = [];
  const both = new Promise<void>((resolve) => {
    connection._responseActions.push((reply) => replies.push(`first ${reply}`));
    connection._responseActions.push((reply) => resolve(void replies.push(`second ${reply}`)));
  });
  if (connection._socket) connection._socket.write('RSET\r\nRSET\r\n');
  await both;
  assert.deepEqual(replies, ['first 250-one\n250 two', 'second 250-one\n250 two']);
  assert.deepEqual(connection._responseActions, []);
});

test('_remainder is the line so far, and _responseQueue the reply whose last line has not come', async () => {
  const connection = await connected({}, { ignoreTLS: true });
  const state = (): readonly unknown[] => [connection._remainder, connection._responseQueue.length];
  const replies: string[] = [];
  connection._responseActions.push((reply) => replies.push(reply));
  assert.deepEqual(state(), ['', 0]);
  connection._onSocketData(Buffer.from('250-o'));
  assert.deepEqual(state(), ['250-o', 0]);
  connection._onSocketData(Buffer.from('ne\r\n'));
  assert.deepEqual(state(), ['', 1]);
  connection._onSocketData(Buffer.from('250 two\r\n'));
  assert.deepEqual([...state(), ...replies], ['', 0, '250-one\n250 two']);
});

test('_onSocketData takes what comes, before TLS and behind it, and another may be put in its place', async () => {
  const keys = selfSigned('next.hop.test');
  const hop = await nextHop({ tls: keys });
  closeAfter(hop.close);
  const connection = new Opened({ host: '127.0.0.1', port: hop.port, tls: { rejectUnauthorized: false } });
  closeAfter(async () => connection.close());
  const take = connection._onSocketData;
  let taken = '';
  connection._onSocketData = (bytes) => {
    taken += bytes.toString('latin1');
    take(bytes);
  };
  await new Promise<void>((resolve, reject) => {
    connection.once('error', reject);
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  assert.equal(connection.secure, true);
  assert.match(taken, /^220 .*\r\n250-(?:.*\r\n)+220 .*\r\n250-(?:.*\r\n)+$/);
});
