import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { closeAfter } from './delivery-to-hop.ts';
import { type Evil, type EvilHop, evilHop, type Peer } from './evil-hop.ts';
import { fates, lastText, message, shortTimeouts, type TestDelivery, testDelivery } from './test-delivery.ts';

/** A next hop that behaves until a command comes, and then no more. */
const until =
  (verb: string, then: Evil): Evil =>
  async (peer) => {
    peer.says('220 evil.test\r\n');
    const replies: readonly (readonly [string, string])[] = [
      ['EHLO', '250 evil.test\r\n'],
      ['MAIL', '250 ok\r\n'],
      ['RCPT', '250 ok\r\n'],
      ['DATA', '354 go\r\n'],
      ['\\.\\r', '250 taken\r\n'],
    ];
    for (const [command, reply] of replies) {
      await peer.hears(command);
      if (command === verb) return then(peer);
      peer.says(reply);
    }
  };

const pumping = (text: string | Buffer) => (peer: Peer) => peer.pumps(text);
const trickling = (text: string | Buffer) => (peer: Peer) => peer.trickles(text);

const silent = async ({ socket }: Peer): Promise<void> => {
  while (!socket.destroyed) await pause(20);
};

const after =
  (text: string | Buffer, then: Evil): Evil =>
  async (peer) => {
    peer.says(text);
    await then(peer);
  };

const HANDSHAKE_RECORD = Buffer.from([0x16, 0x03, 0x03, 0x40, 0x00]);

const HOPS: readonly (readonly [string, Evil, { readonly scheme?: 'smtps' }?])[] = [
  ['greets without a line end', pumping('x')],
  ['greets with one digit at a time', trickling('2')],
  ['greets with lines that never end', trickling('220-hello\r\n')],
  ['greets with thousands of lines', pumping('220-hello\r\n')],
  ['greets with NULs', pumping(Buffer.alloc(1))],
  ['greets with empty lines', pumping('\r\n')],
  ['answers EHLO without a line end', until('EHLO', pumping('250-x'))],
  ['answers EHLO a line now and then', until('EHLO', trickling('250-SIZE\r\n'))],
  ['answers EHLO a byte now and then', until('EHLO', trickling('2'))],
  ['answers EHLO with thousands of lines', until('EHLO', pumping('250-X\r\n'))],
  ['answers EHLO with empty lines', until('EHLO', pumping('\r\n'))],
  ['answers EHLO with empty lines now and then', until('EHLO', trickling('\r\n'))],
  ['answers MAIL with empty lines', until('MAIL', pumping('\r\n'))],
  ['answers MAIL with NULs', until('MAIL', pumping(Buffer.alloc(1)))],
  ['answers RCPT a line now and then', until('RCPT', trickling('250-x\r\n'))],
  ['answers RCPT without number', until('RCPT', pumping('250 ok\r\n'))],
  ['answers DATA without a line end', until('DATA', pumping('3'))],
  ['answers the final dot without a line end', until('\\.\\r', pumping('250-x'))],
  ['answers the final dot a byte now and then', until('\\.\\r', trickling('2'))],
  [
    'says go to STARTTLS and nothing more',
    until(
      'EHLO',
      after('250 STARTTLS\r\n', async (peer) => {
        await peer.hears('STARTTLS');
        await after('220 go\r\n', silent)(peer);
      }),
    ),
  ],
  [
    'trickles through the TLS handshake',
    until(
      'EHLO',
      after('250 STARTTLS\r\n', async (peer) => {
        await peer.hears('STARTTLS');
        await after('220 go\r\n', after(HANDSHAKE_RECORD, trickling(Buffer.alloc(1))))(peer);
      }),
    ),
  ],
  [
    'answers STARTTLS without a line end',
    until(
      'EHLO',
      after('250 STARTTLS\r\n', async (peer) => {
        await peer.hears('STARTTLS');
        await peer.pumps('2');
      }),
    ),
  ],
  ['never begins TLS', silent, { scheme: 'smtps' }],
  ['trickles through the TLS handshake from the start', after(HANDSHAKE_RECORD, trickling(Buffer.alloc(1))), { scheme: 'smtps' }],
  ['speaks no TLS', pumping('220 plain\r\n'), { scheme: 'smtps' }],
];

/** Bytes: what a socket's buffers hold on both sides, and some replies. */
const MOST_TAKEN = 8 * 1024 * 1024;

const closed = async (hop: EvilHop): Promise<boolean> => {
  for (let waited = 0; waited < 8_000 && hop.open() > 0; waited += 20) await pause(20);
  return hop.open() === 0;
};

for (const [name, evil, { scheme = 'smtp' } = {}] of HOPS)
  test(`a next hop that ${name}`, { timeout: 600_000 }, async (t) => {
    const hop = await evilHop(evil);
    const tested = testDelivery({ id: 'r', to: `${scheme}://127.0.0.1:${hop.port}` }, { set: { timeouts: shortTimeouts } });
    closeAfter(tested.stop);
    const { record, content } = message();
    const before = process.memoryUsage().rss;
    await tested.queue.enqueue(record, content);
    await tested.outcomes(1);
    assert.match(fates(tested)['b@example.net'] ?? '', /^deferred 451/, lastText(tested));
    assert.ok(await closed(hop), 'the connection is closed');
    const [taken, grown] = [hop.taken(), process.memoryUsage().rss - before];
    t.diagnostic(`${hop.connections()} connections, ${taken} bytes taken, ${Math.round(grown / 2 ** 20)} MiB more memory`);
    assert.ok(taken < MOST_TAKEN, `${taken} bytes taken`);
    assert.ok(grown < 150 * 2 ** 20, `${grown} bytes more memory`);
  });

test('a next hop that leaves QUIT unanswered is left', { timeout: 600_000 }, async () => {
  const hop = await evilHop(until('never', silent));
  const tested = testDelivery({ id: 'r', to: `smtp://127.0.0.1:${hop.port}` }, { set: { idle: 10, timeouts: shortTimeouts } });
  closeAfter(tested.stop);
  const { record, content } = message();
  await tested.queue.enqueue(record, content);
  await tested.outcomes(1);
  assert.deepEqual(fates(tested), { 'b@example.net': 'relayed 250 2.0.0' });
  for (let waited = 0; waited < 14_000 && hop.open() > 0; waited += 50) await pause(50);
  assert.equal(hop.open(), 0);
});

const streamed = async (evil: Evil, run: (tested: TestDelivery, hop: EvilHop) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'relayctl-evil-'));
  closeAfter(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'body');
  const body = 'RSET\r\n'.repeat(2_000_000);
  await writeFile(file, body);
  const hop = await evilHop(evil);
  const tested = testDelivery({ id: 'r', to: `smtp://127.0.0.1:${hop.port}` }, { set: { timeouts: shortTimeouts } });
  closeAfter(tested.stop);
  const { record, content } = message();
  await tested.queue.enqueue(record, { header: content.header, body: { kind: 'file', file, offset: 0, length: body.length } });
  await tested.outcomes(1);
  await run(tested, hop);
};

test('a 250 sent before the content is complete does not count as delivery', { timeout: 600_000 }, () =>
  streamed(until('DATA', after('354 go\r\n250 taken\r\n', silent)), async (tested, hop) => {
    assert.deepEqual(fates(tested), { 'b@example.net': 'deferred 451 4.5.0' });
    assert.ok(await closed(hop));
  }),
);

test('a refusal sent before the content is complete counts, and the connection is not reused', { timeout: 600_000 }, () =>
  streamed(until('DATA', after('354 go\r\n554 5.7.1 no\r\n', silent)), async (tested, hop) => {
    assert.deepEqual(fates(tested), { 'b@example.net': 'failed 554 5.7.1' });
    assert.ok(await closed(hop));
  }),
);
