import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { nextAttempt } from '../../src/delivery/retry.ts';
import { closeAfter } from './delivery-to-hop.ts';
import { decision, message, testDelivery } from './test-delivery.ts';

const minute = 60_000;
const schedule = [minute, 5 * minute, 60 * minute];

const recipientAfter = (attempts: number) => {
  const { record } = message({ arrived: 0, lifetime: 600 * minute });
  const [recipient] = record.recipients;
  assert.ok(recipient);
  return { record, recipient: { ...recipient, attempts } };
};

test('retries follow the schedule, and its last delay repeats', () => {
  const delays = [0, 1, 2, 3, 9].map((attempts) => {
    const { record, recipient } = recipientAfter(attempts);
    return nextAttempt(record, recipient, schedule, { now: 1_000, random: 0.5 }) - 1_000;
  });
  assert.deepEqual(delays, [minute, 5 * minute, 60 * minute, 60 * minute, 60 * minute]);
});

test('a requested attempt does not advance the schedule', () => {
  const delays = [0, 1, 2].map((attempts) => {
    const { record, recipient } = recipientAfter(attempts);
    return nextAttempt(record, { ...recipient, asked: true }, schedule, { now: 1_000, random: 0.5 }) - 1_000;
  });
  assert.deepEqual(delays, [minute, minute, 5 * minute]);
});

test('jitter stays within a tenth, never in the past, with one last attempt at expiry', () => {
  fc.assert(
    fc.property(fc.nat(20), fc.nat(599 * minute), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempts, now, random) => {
      const { record, recipient } = recipientAfter(attempts);
      const next = nextAttempt(record, recipient, schedule, { now, random });
      const delay = schedule[Math.min(attempts, 2)] ?? 0;
      assert.ok(next > now && next <= record.expires);
      assert.ok(next === record.expires || Math.abs(next - now - delay) <= delay / 10 + 1);
    }),
  );
});

test('a ten-minute DNS outage bounces nothing', async () => {
  let now = 1_000_000;
  let dead = true;
  const mx = async () => {
    if (dead) throw new Error('SERVFAIL');
    return [{ preference: 0, exchange: '' }];
  };
  const made = testDelivery('mx', { now: () => now, dns: { mx, addresses: async () => [] }, set: { retry: [minute] } });
  closeAfter(made.stop);
  for (let index = 0; index < 20; index++) {
    const { record, content } = message({ arrived: now, recipients: [{ address: `u@d${index % 3}.example` }] });
    await made.queue.enqueue(record, content);
  }
  for (let passed = 0; passed < 10; passed++) {
    await made.outcomes(20 * (passed + 1));
    now += 1.2 * minute;
    made.queue.tick();
  }
  assert.deepEqual(new Set(made.queue.outcomes.map(({ fate }) => fate)), new Set(['deferred']));
  assert.equal(made.queue.added.length, 0);
  await made.outcomes(220);
  dead = false;
  now += 1.2 * minute;
  made.queue.tick();
  await made.outcomes(240);
  assert.equal(
    made.queue.outcomes.slice(220).every(({ fate }) => fate === 'failed'),
    true,
  );
});

test('a delivery hook that fails changes nothing but the log', async () => {
  const broken = () => {
    throw new Error('oops');
  };
  const made = testDelivery(() => decision('get_mx', { route: { id: 'r', to: 'discard:' } }), {
    hooks: { delivered: broken, deferred: broken, bounce: broken },
  });
  closeAfter(made.stop);
  const { record, content } = message();
  await made.queue.enqueue(record, content);
  await made.outcomes(1);
  await turn();
  assert.equal(made.queue.outcomes[0]?.fate, 'delivered');
  assert.deepEqual(
    made.events.map(({ event }) => event),
    ['trouble', 'delivered'],
  );
});
