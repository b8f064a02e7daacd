import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { FairTurns } from '../../src/smtp/fair-turns.ts';
import { introduced, type TestRelay, testRelay } from './relay.ts';

/** Every RCPT counts, and the count is there at once: nothing ever really waits. */
const COUNTED = `
version: 1
grants:
  - { id: inbound, when: { recipient.domain: example.com } }
rules:
  - id: counted
    on: rcpt
    limit: { key: [sender.address], count: recipients, max: 1, per: 1h }
    then: { defer: "451 4.7.1 too many" }
`;

const countedRelay = (t: TestContext): Promise<TestRelay> =>
  testRelay(t, {
    policy: COUNTED,
    limits: { recipients: 1_000_000, connections: 1000, connectionsPerIp: 1000, errors: 1_000_000, commands: 1_000_000 },
    finder: () => ({ find: async () => false }),
  });

/** One who says a thing for ever, and reads the answers. */
const flood = (t: TestContext, address: string, said: { readonly first: string; readonly again: string }): Socket => {
  const [host, port] = address.split(':');
  const socket = connect({ host: host ?? '', port: Number(port), localAddress: '127.0.66.1' });
  const again = Buffer.from(said.again.repeat(Math.ceil(65_536 / said.again.length)));
  const more = (): void => {
    while (!socket.destroyed && socket.write(again));
  };
  socket
    .on('error', () => undefined)
    .on('drain', more)
    .resume();
  socket.write(said.first);
  more();
  t.after(() => socket.destroy());
  return socket;
};

const longestWait = async (relay: TestRelay, asks: number): Promise<number> => {
  const client = await introduced(relay);
  let longest = 0;
  for (let asked = 0; asked < asks; asked++) {
    const before = performance.now();
    assert.equal((await client.ask('NOOP')).code, 250);
    longest = Math.max(longest, performance.now() - before);
  }
  return longest;
};

const FIRST = 'EHLO attacker.example\r\nMAIL FROM:<a@example.org>\r\n';
const FLOODS = {
  'recipients that are counted': { first: FIRST, again: 'RCPT TO:<ann@example.com>\r\n' },
  'commands that cost nothing': { first: '', again: 'NOOP\r\n' },
  'transactions begun and given up': { first: '', again: `${FIRST}RSET\r\n` },
  'empty chunks': { first: `${FIRST}RCPT TO:<ann@example.com>\r\n`, again: 'BDAT 0\r\n' },
  'chunks of one byte': { first: `${FIRST}RCPT TO:<ann@example.com>\r\n`, again: 'BDAT 1\r\nx' },
};

for (const [what, said] of Object.entries(FLOODS))
  test(`${what}, from 50 connections of one address: another client is answered all the same`, async (t) => {
    const relay = await countedRelay(t);
    for (let connection = 0; connection < 50; connection++) flood(t, relay.address, said);
    const longest = await longestWait(relay, 20);
    assert.ok(longest < 20_000, `waited ${longest.toFixed()} ms`);
  });

test('clients take turns, however many sessions each of them has', async () => {
  const turns = new FairTurns();
  const served: string[] = [];
  for (let session = 0; session < 20; session++) turns.wait('many', () => served.push('many'));
  for (const one of ['first', 'second']) turns.wait(one, () => served.push(one));
  while (served.length < 22) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(served.slice(0, 4), ['many', 'first', 'second', 'many']);
});

test('a client over its time slice waits, one within it continues', () => {
  let now = 0;
  const turns = new FairTurns(() => now);
  const busy = (milliseconds: number): void => {
    now += milliseconds;
  };
  assert.ok(turns.mayGoOn('a'));
  busy(2);
  assert.ok(turns.mayGoOn('a'), 'nobody else is here');
  assert.ok(turns.mayGoOn('b'));
  busy(2);
  assert.ok(!turns.mayGoOn('b'));
  busy(10);
  assert.ok(!turns.mayGoOn('c'), 'the pass is over');
});
