import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Script } from '../kit/next-hop.ts';
import { until } from '../kit/until.ts';
import { deliveryToHop } from './delivery-to-hop.ts';
import { fates, lastText, message } from './test-delivery.ts';

const two = [{ address: 'good@example.net' }, { address: 'bad@example.net' }];

test('a message arrives byte for byte, dots and all', async () => {
  const { hop, tested } = await deliveryToHop();
  const body = '.first\r\n..second\r\nmiddle .\r\n.\r\n\r\nlast without end';
  const { record, content } = message({ body });
  await tested.queue.enqueue(record, content);
  await tested.outcomes(1);
  assert.deepEqual(fates(tested), { 'b@example.net': 'delivered 250 2.0.0' });
  assert.equal(hop.received[0]?.content.toString(), `${content.header}${body}\r\n`);
});

test('the envelope goes out in one piece where PIPELINING is offered', async () => {
  const { hop, tested } = await deliveryToHop();
  const { record, content } = message({ recipients: two });
  await tested.queue.enqueue(record, content);
  await tested.outcomes(2);
  assert.equal(hop.sessions[0]?.batch, 4);
  assert.deepEqual(hop.received[0]?.rcpt, ['RCPT TO:<good@example.net>', 'RCPT TO:<bad@example.net>']);
});

for (const offers of [['PIPELINING', '8BITMIME'], ['8BITMIME']]) {
  const how = offers.includes('PIPELINING') ? 'pipelined' : 'one at a time';

  test(`each recipient gets its own reply, ${how}`, async () => {
    const script: Script = (step, text) => (step === 'rcpt' && text.includes('bad') ? '550 5.1.1 no such user' : undefined);
    const { hop, tested } = await deliveryToHop({ script, offers });
    const { record, content } = message({ recipients: two });
    await tested.queue.enqueue(record, content);
    await tested.outcomes(2);
    assert.deepEqual(fates(tested), { 'good@example.net': 'relayed 250 2.0.0', 'bad@example.net': 'failed 550 5.1.1' });
    assert.equal(hop.received.length, 1);
  });

  test(`a refused sender fails every recipient, ${how}`, async () => {
    const { hop, tested } = await deliveryToHop({ script: (step) => (step === 'mail' ? '553 5.1.8 not you' : undefined), offers });
    const { record, content } = message({ recipients: two });
    await tested.queue.enqueue(record, content);
    await tested.outcomes(2);
    assert.deepEqual(fates(tested), { 'good@example.net': 'failed 553 5.1.8', 'bad@example.net': 'failed 553 5.1.8' });
    assert.equal(hop.received.length, 0);
  });

  test(`no content is sent if every recipient is refused, and the connection stays usable, ${how}`, async () => {
    const script: Script = (step, text) => (step === 'rcpt' && text.includes('bad') ? '450 4.2.1 later' : undefined);
    const { hop, tested } = await deliveryToHop({ script, offers });
    const refused = message({ recipients: [{ address: 'bad@example.net' }] });
    await tested.queue.enqueue(refused.record, refused.content);
    await tested.outcomes(1);
    const next = message();
    await tested.queue.enqueue(next.record, next.content);
    await tested.outcomes(2);
    assert.deepEqual(fates(tested), { 'bad@example.net': 'deferred 450 4.2.1', 'b@example.net': 'relayed 250 2.0.0' });
    assert.deepEqual([hop.sessions.length, hop.received.length], [1, 1]);
  });

  for (const step of ['data', 'dot'] as const)
    for (const [reply, fate] of [
      ['451 4.3.2 not now', 'deferred 451 4.3.2'],
      ['554 5.6.0 never', 'failed 554 5.6.0'],
    ] as const)
      test(`${reply.slice(0, 3)} at ${step} applies to every accepted recipient, ${how}`, async () => {
        const { tested } = await deliveryToHop({ script: (at) => (at === step ? reply : undefined), offers });
        const { record, content } = message({ recipients: two });
        await tested.queue.enqueue(record, content);
        await tested.outcomes(2);
        assert.deepEqual(fates(tested), { 'good@example.net': fate, 'bad@example.net': fate });
      });
}

test('one connection carries many messages and closes at its limit', async () => {
  const { hop, tested } = await deliveryToHop({}, { concurrency: 1 }, { messagesPerConnection: 3 });
  for (const { record, content } of Array.from({ length: 7 }, () => message())) await tested.queue.enqueue(record, content);
  await tested.outcomes(7);
  assert.deepEqual(
    hop.received.map(({ session }) => session),
    [0, 0, 0, 1, 1, 1, 2],
  );
});

test('a kept connection that drops on reuse costs no attempt', async () => {
  const { hop, tested } = await deliveryToHop({
    script: (step, _, { number, commands }) => (step === 'mail' && number === 0 && commands.length > 4 ? { act: 'drop' } : undefined),
  });
  for (const times of [1, 2]) {
    const { record, content } = message();
    await tested.queue.enqueue(record, content);
    await tested.outcomes(times);
  }
  assert.deepEqual([hop.sessions.length, hop.received.length], [2, 2]);
  assert.equal(tested.queue.outcomes.filter(({ fate }) => fate === 'delivered').length, 2);
});

test('a retry goes only to recipients still pending', async () => {
  let later = true;
  const script: Script = (step, text) => (step === 'rcpt' && text.includes('bad') && later ? '451 4.7.1 greylisted' : undefined);
  const { hop, tested } = await deliveryToHop({ script }, {}, { retry: [150] });
  const { record, content } = message({ recipients: two });
  await tested.queue.enqueue(record, content);
  await tested.outcomes(2);
  later = false;
  await until(() => {
    tested.queue.tick();
    return tested.queue.outcomes.length === 3;
  }, 'the retry');
  assert.deepEqual(
    hop.received.map(({ rcpt }) => rcpt),
    [['RCPT TO:<good@example.net>'], ['RCPT TO:<bad@example.net>']],
  );
});

test('the reply of a next hop is recorded as one line without control characters', async () => {
  const { tested } = await deliveryToHop({
    script: (step) => (step === 'rcpt' ? `550-5.7.1 no\u0007\u001b[31m way\r\n550 5.7.1 ${'x'.repeat(2000)}` : undefined),
  });
  const { record, content } = message();
  await tested.queue.enqueue(record, content);
  await tested.outcomes(1);
  assert.match(lastText(tested), /^no \[31m way x{400}/);
  assert.ok(lastText(tested).length <= 500);
});
