import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openQueue } from '../../src/queue/mail-queue.ts';
import { nextHop } from '../kit/next-hop.ts';
import { Database, tableStorage } from '../queue/table-storage.ts';
import { closeAfter } from './delivery-to-hop.ts';
import { message, testDeliveryOf } from './test-delivery.ts';

const fail = (trouble: unknown): void => assert.fail(JSON.stringify(trouble));

test('a queue on a database: new mail, a backlog of another process, a large body, and a notice', { timeout: 600_000 }, async () => {
  const hop = await nextHop({
    script: (step, text) => (step === 'rcpt' && text.includes('nobody@') ? '550 5.1.1 no such user' : undefined),
  });
  closeAfter(hop.close);
  const storage = tableStorage(new Database());
  const crashed = await storage.open(fail);
  for (let index = 0; index < 30; index++) {
    const { record, content } = message({ id: `old${index}`, recipients: [{ address: `old${index}@example.net` }] });
    await crashed.add(record, content);
  }
  storage.cut(crashed);

  const store = await storage.open(fail);
  const queue = openQueue({ store, now: Date.now, onError: fail });
  const { delivery, events } = testDeliveryOf(queue, { id: 'r', to: `smtp://127.0.0.1:${hop.port}` });
  const large = message({
    id: 'large',
    recipients: [{ address: 'large@example.net' }],
    body: `.dot\r\n${'x'.repeat(70)}\r\n`.repeat(20_000),
  });
  const refused = message({ id: 'refused', recipients: [{ address: 'nobody@example.net' }] });
  for (const { record, content } of [large, refused]) await queue.enqueue(record, content);
  for (const until = Date.now() + 120_000; store.status().queued > 0 && Date.now() < until; )
    await new Promise((resolve) => setTimeout(resolve, 5));

  assert.deepEqual(store.status(), { queued: 0, held: 0, quarantined: 0, corrupt: 0 });
  const to = hop.received.flatMap(({ rcpt }) => rcpt.map((command) => /<([^@>]+)@/.exec(command)?.[1] ?? '')).sort();
  assert.deepEqual(
    to,
    ['a', 'large', ...Array.from({ length: 30 }, (_, index) => `old${index}`)].sort(),
    'each once, and the notice to a@',
  );
  const body = hop.received.find(({ rcpt }) => rcpt[0]?.includes('large@'))?.content;
  assert.equal(body?.length, large.record.size);
  assert.equal(events.filter(({ event }) => event === 'trouble').length, 0);
  await delivery.stop(200);
  await queue.close();
  await store.close();
});
