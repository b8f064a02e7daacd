import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { introduced, testRelay } from './relay.ts';

const MIB = 1024 * 1024;

test('100 MiB stream to disk in flat memory, stuffed dots and all', async (t) => {
  const relay = await testRelay(t, { limits: { messageSize: 200 * MIB, idle: 60_000 } });
  const client = await introduced(relay);
  await client.dialogue('MAIL FROM:<>', 'RCPT TO:<a@example.com>', 'DATA');
  const block = Buffer.from(`..${'x'.repeat(60)}\r\n`.repeat(16_384));
  client.raw('Subject: large\r\n\r\n');
  const before = process.memoryUsage();
  let peak = before.rss;
  for (let i = 0; i < 100; i++) {
    if (!client.socket.write(block)) await once(client.socket, 'drain');
    peak = Math.max(peak, process.memoryUsage().rss);
  }
  client.raw('.\r\n');
  assert.equal((await client.reply()).text, '250 2.0.0 Ok: queued as id1');
  const body = relay.accepted[0]?.content.body;
  assert.ok(body?.kind === 'file');
  assert.equal(body.length, 100 * 16_384 * `.${'x'.repeat(60)}\r\n`.length);
  t.diagnostic(`${((peak - before.rss) / MIB).toFixed(0)} MiB more at the peak`);
  assert.ok(peak - before.rss < 100 * MIB);
});
