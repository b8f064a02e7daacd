import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { nextHop } from '../kit/next-hop.ts';
import { closeAfter, deliveryToHop } from './delivery-to-hop.ts';
import { fates, message, testDelivery } from './test-delivery.ts';

const returned = async ({ queue }: ReturnType<typeof testDelivery>): Promise<void> => {
  for (const until = Date.now() + 120_000; queue.returned.length === 0; await sleep(5))
    assert.ok(Date.now() < until, 'nothing was given back');
};

test('an unreadable message is returned to the queue without an attempt', async () => {
  const { hop, tested: made } = await deliveryToHop();
  made.queue.content = () => Promise.reject(new Error('EIO'));
  const { record, content } = message();
  await made.queue.enqueue(record, content);
  await returned(made);
  assert.deepEqual([made.queue.outcomes.length, hop.sessions.length], [0, 0]);
});

test('a body that is gone from the disk defers, whatever the next hop offers', async () => {
  const { tested: made } = await deliveryToHop({ offers: ['PIPELINING'] });
  const { record, content } = message();
  const body = { kind: 'file', file: '/nowhere/body', offset: 0, length: 9 } as const;
  await made.queue.enqueue(record, { header: content.header, body });
  await made.outcomes(1);
  assert.deepEqual(fates(made), { 'b@example.net': 'deferred 451 4.3.0' });
  const next = message({ recipients: [{ address: 'c@example.net' }] });
  await made.queue.enqueue(next.record, next.content);
  await made.outcomes(2);
  assert.equal(fates(made)['c@example.net'], 'relayed 250 2.0.0');
});

test('a recipient never counts as failed when its notice cannot be written', async () => {
  const made = testDelivery(() => ({
    verdict: 'reject',
    by: 'x/y',
    disconnect: false,
    code: 550,
    enhanced: '5.7.1',
    text: 'no',
    hook: 'get_mx',
    effects: [],
    shadowed: [],
    trace: [],
  }));
  closeAfter(made.stop);
  made.queue.content = () => Promise.reject(new Error('EIO'));
  const { record, content } = message();
  await made.queue.enqueue(record, content);
  await returned(made);
  assert.equal(made.queue.outcomes.length, 0);
  assert.equal(
    made.events.some(({ event }) => event === 'trouble'),
    true,
  );
});

test('an error from the queue affects only that call', async () => {
  const { tested: made } = await deliveryToHop();
  const take = made.queue.take.bind(made.queue);
  let broken = true;
  made.queue.take = (destination) => {
    if (broken) throw new Error('EIO');
    return take(destination);
  };
  const { record, content } = message();
  await made.queue.enqueue(record, content);
  broken = false;
  made.queue.tick();
  await made.outcomes(1);
  assert.deepEqual(fates(made), { 'b@example.net': 'delivered 250 2.0.0' });
});

test('work without recipients is returned to the queue', async () => {
  const made = testDelivery('discard:');
  closeAfter(made.stop);
  const { record, content } = message();
  const take = made.queue.take.bind(made.queue);
  made.queue.take = (destination) => {
    const work = take(destination);
    return work && { ...work, recipients: ['somebody@else.example'] };
  };
  await made.queue.enqueue(record, content);
  await returned(made);
  assert.equal(made.queue.outcomes.length, 0);
});

test('a host that is busy on one address is tried on its next', async () => {
  const hop = await nextHop({ script: (step, _, { number }) => (step === 'mail' && number === 0 ? '421 4.3.2 busy' : undefined) });
  closeAfter(hop.close);
  const dns = { mx: async () => [{ preference: 0, exchange: 'mx.test' }], addresses: async () => ['127.0.0.1', '127.0.0.1'] };
  const made = testDelivery('mx', { dns, set: { mxPort: hop.port } });
  closeAfter(made.stop);
  const { record, content } = message();
  await made.queue.enqueue(record, content);
  await made.outcomes(1);
  assert.deepEqual(fates(made), { 'b@example.net': 'delivered 250 2.0.0' });
});
