import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Delivery } from '../../src/delivery/delivery.ts';
import type { DeliveryEvent } from '../../src/delivery/parts.ts';
import { DEFAULT_SETTINGS } from '../../src/delivery/settings.ts';
import { newQueueId } from '../../src/queue/id.ts';
import { openStore } from '../../src/queue/journal/store.ts';
import { openQueue } from '../../src/queue/mail-queue.ts';
import { nextHop } from '../kit/next-hop.ts';
import { closeAfter } from './delivery-to-hop.ts';
import { decision, message } from './test-delivery.ts';

const open = async (folder: string, routes: (address: string) => string) => {
  const events: DeliveryEvent[] = [];
  const store = await openStore({ path: folder, report: () => undefined });
  const queue = openQueue({ store, now: Date.now, onError: (error) => assert.ifError(error) });
  const quiet = () => decision('delivered');
  const delivery = new Delivery({
    queue,
    dns: { mx: () => Promise.reject(new Error('no DNS here')), addresses: () => Promise.reject(new Error('no DNS here')) },
    settings: () => ({ ...DEFAULT_SETTINGS, hostname: 'relay.test', root: '/', ownAddresses: new Set(), retry: [100] }),
    routeFor: (_, { address }) => decision('get_mx', { route: { id: 'r', to: routes(address) } }),
    hooks: { delivered: quiet, deferred: quiet, bounce: quiet },
    password: () => Promise.reject(new Error('no password here')),
    log: (event) => events.push(event),
    now: Date.now,
    random: () => 0.5,
    newId: () => newQueueId(Date.now()),
  });
  delivery.start();
  const close = async (): Promise<void> => {
    await delivery.stop(500);
    await queue.close();
    await store.close();
  };
  return { queue, store, events, close };
};

const emptied = async (queue: { status: () => { queued: number } }): Promise<void> => {
  for (const until = Date.now() + 120_000; queue.status().queued > 0; await sleep(5))
    assert.ok(Date.now() < until, 'the queue does not empty');
};

test('mail in a queue on disk is delivered, deferred, retried and reported until the queue is empty', async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'delivery-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  let greylisted = 0;
  const hop = await nextHop({
    script: (step, text) => {
      if (step !== 'rcpt') return undefined;
      if (text.includes('bad')) return '550 5.1.1 no';
      return text.includes('grey') && greylisted++ === 0 ? '451 4.7.1 later' : undefined;
    },
  });
  closeAfter(hop.close);
  const relay = await open(folder, () => `smtp://127.0.0.1:${hop.port}`);
  closeAfter(relay.close);
  const { record, content } = message({
    id: newQueueId(Date.now()),
    recipients: ['good', 'bad', 'grey'].map((name) => ({ address: `${name}@example.net` })),
  });
  await relay.queue.enqueue(record, content);
  await emptied(relay.queue);
  assert.deepEqual(hop.received.map(({ mail, rcpt }) => `${/<.*?>/.exec(mail)} ${rcpt.join()}`).sort(), [
    '<> RCPT TO:<a@example.org>',
    '<a@example.org> RCPT TO:<good@example.net>',
    '<a@example.org> RCPT TO:<grey@example.net>',
  ]);
});

test('what was not delivered before a restart is delivered after it', async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'delivery-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const hop = await nextHop();
  closeAfter(hop.close);
  const first = await open(folder, () => 'nowhere');
  const { record, content } = message({ id: newQueueId(Date.now()) });
  await first.queue.enqueue(record, content);
  while (first.events.length === 0) await sleep(5);
  await first.close();
  const second = await open(folder, () => `smtp://127.0.0.1:${hop.port}`);
  closeAfter(second.close);
  await emptied(second.queue);
  assert.deepEqual(
    hop.received.map(({ content: bytes }) => bytes.toString()),
    [`${content.header}Hello.\r\n`],
  );
});
