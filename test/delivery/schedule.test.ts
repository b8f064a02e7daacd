import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { domainOf } from '../../src/delivery/job.ts';
import type { Route } from '../../src/policy/decision.ts';
import { type NextHop, type NextHopOptions, nextHop } from '../kit/next-hop.ts';
import { closeAfter, deliveryToHop } from './delivery-to-hop.ts';
import { decision, fates, lastText, message, shortTimeouts, testDelivery } from './test-delivery.ts';

const hopWith = async (options: NextHopOptions = {}): Promise<NextHop> => {
  const hop = await nextHop(options);
  closeAfter(hop.close);
  return hop;
};

/** The most sessions that were in a transaction at once. */
const counting = (milliseconds: number): { readonly options: NextHopOptions; readonly most: () => number } => {
  let now = 0;
  let most = 0;
  const options: NextHopOptions = {
    script: (step) => {
      if (step === 'mail') most = Math.max(most, ++now);
      if (step !== 'dot') return undefined;
      setTimeout(() => now--, milliseconds - 5);
      return { act: 'wait', milliseconds, reply: '250 2.0.0 ok' };
    },
  };
  return { options, most: () => most };
};

const enqueue = async ({ queue }: ReturnType<typeof testDelivery>, recipients: readonly string[]): Promise<void> => {
  for (const address of recipients) {
    const { record, content } = message({ recipients: [{ address }] });
    await queue.enqueue(record, content);
  }
};

test('connections per destination are limited', async () => {
  const { options, most } = counting(40);
  const { tested: made } = await deliveryToHop(options, {}, { perDestination: 3 });
  await enqueue(
    made,
    Array.from({ length: 12 }, (_, index) => `u${index}@example.net`),
  );
  await made.outcomes(12);
  assert.equal(most(), 3);
});

test('connections over all destinations are limited', async () => {
  const { options, most } = counting(40);
  const hop = await hopWith(options);
  const made = testDelivery(
    (_, { address }) => decision('get_mx', { route: { id: address, to: `smtp://127.0.0.1:${hop.port}`, helo: domainOf(address) } }),
    {
      set: { concurrency: 4 },
    },
  );
  closeAfter(made.stop);
  await enqueue(
    made,
    Array.from({ length: 12 }, (_, index) => `u@d${index}.example`),
  );
  await made.outcomes(12);
  assert.ok(most() <= 4);
  await enqueue(
    made,
    Array.from({ length: 12 }, (_, index) => `v@d${index}.example`),
  );
  await made.outcomes(24);
  assert.equal(most(), 4);
});

test('dead destinations do not hold up live ones', async () => {
  const dead = await hopWith({ script: (step) => (step === 'connect' ? { act: 'hang' } : undefined) });
  const quick = await hopWith();
  const to = (address: string): Route => ({
    id: address,
    helo: address,
    to: `smtp://127.0.0.1:${address.includes('dead') ? dead.port : quick.port}`,
  });
  const made = testDelivery((_, { address }) => decision('get_mx', { route: to(address.slice(address.indexOf('@') + 1)) }), {
    set: { concurrency: 6 },
  });
  closeAfter(made.stop);
  await enqueue(made, ['u@quick.example']);
  await made.outcomes(1);
  await enqueue(
    made,
    Array.from({ length: 40 }, (_, index) => `u@dead${index}.example`),
  );
  const started = Date.now();
  await enqueue(
    made,
    Array.from({ length: 20 }, (_, index) => `u${index}@quick.example`),
  );
  while (quick.received.length < 21 && Date.now() < started + 120_000) await sleep(5);
  assert.ok(Date.now() - started < 20_000, `took ${Date.now() - started} ms`);
  assert.ok(dead.open() > 6, `only ${dead.open()} were tried`);
  const before = Date.now();
  await enqueue(made, ['u@quick.example']);
  while (quick.received.length < 22 && Date.now() < before + 120_000) await sleep(5);
  assert.ok(Date.now() - before < 20_000, `fresh mail took ${Date.now() - before} ms`);
});

test('a slow destination does not hold up others', async () => {
  const slow = await hopWith({
    script: (step) => (step === 'dot' ? { act: 'wait', milliseconds: 2_000, reply: '250 2.0.0 ok' } : undefined),
  });
  const quick = await hopWith();
  const to = (port: number): Route => ({ id: String(port), to: `smtp://127.0.0.1:${port}` });
  const made = testDelivery(
    (_, { address }) => decision('get_mx', { route: to(address.endsWith('slow.example') ? slow.port : quick.port) }),
    {
      set: { concurrency: 6, perDestination: 5, timeouts: { ...shortTimeouts, afterDot: 5_000 } },
    },
  );
  closeAfter(made.stop);
  await enqueue(
    made,
    Array.from({ length: 60 }, (_, index) => `u${index}@slow.example`),
  );
  const started = Date.now();
  await enqueue(
    made,
    Array.from({ length: 20 }, (_, index) => `u${index}@quick.example`),
  );
  while (quick.received.length < 20 && Date.now() < started + 120_000) await sleep(5);
  assert.ok(Date.now() - started < 10_000, `quick mail took ${Date.now() - started} ms`);
  assert.ok(made.delivery.status().taken < 40);
});

test('the rate of a route is enforced', async () => {
  const { hop, tested: made } = await deliveryToHop({}, { rate: { count: 4, milliseconds: 400 } });
  const started = Date.now();
  await enqueue(
    made,
    Array.from({ length: 8 }, (_, index) => `u${index}@example.net`),
  );
  await made.outcomes(8);
  assert.ok(Date.now() - started >= 390, `took ${Date.now() - started} ms`);
  assert.equal(hop.received.length, 8);
});

test('recipients are grouped by route', async () => {
  const [one, other] = [await hopWith(), await hopWith()];
  const made = testDelivery((_, { address }) =>
    decision('get_mx', { route: { id: 'r', to: `smtp://127.0.0.1:${address.startsWith('x') ? one.port : other.port}` } }),
  );
  closeAfter(made.stop);
  const { record, content } = message({ recipients: ['x1', 'y1', 'x2'].map((name) => ({ address: `${name}@example.net` })) });
  await made.queue.enqueue(record, content);
  await made.outcomes(3);
  assert.deepEqual(
    one.received.map(({ rcpt }) => rcpt.length),
    [2],
  );
  assert.deepEqual(
    other.received.map(({ rcpt }) => rcpt.length),
    [1],
  );
});

test('more than a hundred recipients are split into several transactions', async () => {
  const { hop, tested: made } = await deliveryToHop();
  const { record, content } = message({ recipients: Array.from({ length: 250 }, (_, index) => ({ address: `u${index}@example.net` })) });
  await made.queue.enqueue(record, content);
  await made.outcomes(250);
  assert.deepEqual(hop.received.map(({ rcpt }) => rcpt.length).sort(), [100, 100, 50].sort());
});

test('hosts are tried in turn, and a deferred recipient is retried once on the next', async () => {
  const busy = await hopWith({ script: (step) => (step === 'rcpt' ? '450 4.2.0 busy' : undefined) });
  const dns = {
    mx: async () => ['a', 'b', 'c'].map((exchange, preference) => ({ preference, exchange })),
    addresses: async (name: string) => [name === 'a' ? '127.0.0.2' : '127.0.0.1'],
  };
  const made = testDelivery('mx', { dns, set: { mxPort: busy.port } });
  closeAfter(made.stop);
  await enqueue(made, ['u@example.net']);
  await made.outcomes(1);
  assert.equal(busy.sessions.length, 2);
  assert.deepEqual(fates(made), { 'u@example.net': 'deferred 450 4.2.0' });
});

test('no other host is tried if the reply to the final dot is missing', async () => {
  const rude = await hopWith({ script: (step) => (step === 'dot' ? { act: 'drop' } : undefined) });
  const dns = {
    mx: async () => ['a', 'b'].map((exchange, preference) => ({ preference, exchange })),
    addresses: async () => ['127.0.0.1'],
  };
  const made = testDelivery('mx', { dns, set: { mxPort: rude.port } });
  closeAfter(made.stop);
  await enqueue(made, ['u@example.net']);
  await made.outcomes(1);
  assert.equal(rude.received.length, 1);
  assert.match(lastText(made), /may have arrived/);
});

test('a missing route, an invalid route or a failing rule defers', async () => {
  for (const route of [
    () => decision('get_mx'),
    () => decision('get_mx', { route: { id: 'r', to: 'nowhere' } }),
    () => Promise.reject(new Error('oops')),
  ]) {
    const made = testDelivery(route);
    closeAfter(made.stop);
    await enqueue(made, ['u@example.net']);
    await made.outcomes(1);
    assert.match(fates(made)['u@example.net'] ?? '', /^deferred 451 4\.3\./);
  }
});

test('hold at get_mx costs no attempt; at deferred it moves the next one', async () => {
  const hold = { effects: [{ effect: 'hold', milliseconds: 7_000_000, by: 'x/y' }] } as const;
  const held = testDelivery(() => decision('get_mx', { ...hold, route: { id: 'r', to: 'discard:' } }));
  closeAfter(held.stop);
  await enqueue(held, ['u@example.net']);
  await held.outcomes(1);
  assert.deepEqual(
    [fates(held), [...held.queue.entries.values()][0]?.record.recipients[0]?.attempts],
    [{ 'u@example.net': 'postponed' }, 0],
  );
  const quiet = () => decision('delivered');
  const late = testDelivery(() => decision('get_mx'), {
    hooks: { delivered: quiet, bounce: quiet, deferred: () => decision('deferred', hold) },
  });
  closeAfter(late.stop);
  await enqueue(late, ['u@example.net']);
  await late.outcomes(1);
  const [outcome] = late.queue.outcomes;
  assert.ok(outcome?.fate === 'deferred' && outcome.nextAttempt > Date.now() + 6_900_000);
});

test('at the end of its time a message fails, and not before', async () => {
  for (const [lifetime, fate] of [
    [3_600_000, /^deferred 451/],
    [1, /^failed 550 5\.4\.7/],
  ] as const) {
    const made = testDelivery(() => decision('get_mx'));
    closeAfter(made.stop);
    const { record, content } = message({ arrived: Date.now() - 1_000, lifetime });
    await made.queue.enqueue(record, content);
    await made.outcomes(1);
    assert.match(fates(made)['b@example.net'] ?? '', fate);
    assert.equal(made.queue.added.length, lifetime === 1 ? 1 : 0);
  }
});

test('stop returns waiting mail, lets attempts finish and aborts those that take too long', async () => {
  const hop = await hopWith({ script: (step) => (step === 'dot' ? { act: 'wait', milliseconds: 100, reply: '250 2.0.0 ok' } : undefined) });
  const silent = await hopWith({ script: (step) => (step === 'mail' ? { act: 'hang' } : undefined) });
  const port = (address: string): number => (address.startsWith('slow') ? silent.port : hop.port);
  const made = testDelivery((_, { address }) =>
    decision('get_mx', { route: { id: address, to: `smtp://127.0.0.1:${port(address)}`, concurrency: 1 } }),
  );
  await enqueue(made, ['a@example.net', 'b@example.net', 'slow@example.net']);
  while (hop.received.length < 1) await sleep(5);
  await made.delivery.stop(150);
  assert.deepEqual(fates(made), { 'a@example.net': 'delivered 250 2.0.0' });
  assert.equal(made.queue.returned.length, 2);
  assert.equal(made.delivery.status().taken, 0);
});
