import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { Script } from '../kit/next-hop.ts';
import { deliveryToHop } from './delivery-to-hop.ts';
import { fates, message } from './test-delivery.ts';

const three = ['one', 'two', 'three'].map((name) => ({ address: `${name}@example.net` }));

const mixed: Script = (step, text) => {
  if (step === 'rcpt' && text.includes('two')) return '550 5.1.1 who?';
  if (step !== 'dot') return undefined;
  return text.includes('three') ? '452 4.2.2 full' : '250 2.1.5 stored';
};

test('LMTP returns one reply per recipient after the dot', async () => {
  const { hop, tested } = await deliveryToHop({ lmtp: true, script: mixed, offers: ['PIPELINING'] });
  const { record, content } = message({ recipients: three });
  await tested.queue.enqueue(record, content);
  await tested.outcomes(3);
  assert.deepEqual(fates(tested), {
    'one@example.net': 'delivered 250 2.1.5',
    'two@example.net': 'failed 550 5.1.1',
    'three@example.net': 'deferred 452 4.2.2',
  });
  assert.match(hop.sessions[0]?.commands[0] ?? '', /^LHLO relay\.test$/);
});

test('a connection lost between the replies leaves the remaining recipients pending', async () => {
  const { tested } = await deliveryToHop({
    lmtp: true,
    script: (step, text) => (step === 'dot' && text.includes('two') ? { act: 'drop' } : undefined),
  });
  const { record, content } = message({ recipients: three });
  await tested.queue.enqueue(record, content);
  await tested.outcomes(3);
  assert.deepEqual(Object.values(fates(tested)), ['delivered 250 2.0.0', 'deferred 451 4.4.2', 'deferred 451 4.4.2']);
});

test('LMTP over a socket in the file system', async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'lmtp-'));
  context.after(() => rm(folder, { recursive: true }));
  const place = path.join(folder, 'lmtp.sock');
  const { hop, tested } = await deliveryToHop({ lmtp: true, path: place }, { to: `lmtp+unix:${place}` });
  const { record, content } = message();
  await tested.queue.enqueue(record, content);
  await tested.outcomes(1);
  assert.deepEqual([fates(tested), hop.received.length], [{ 'b@example.net': 'delivered 250 2.0.0' }, 1]);
});
