import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type NextHop, nextHop, type Script } from '../kit/next-hop.ts';
import { closeAfter, deliveryToHop } from './delivery-to-hop.ts';
import { fates, message, testDelivery } from './test-delivery.ts';

/** Takes so many recipients in one transaction, and refuses the others like this. */
const takes = (most: number, refusal: string): Script => {
  const accepted = new Map<number, number>();
  return (step, _text, { number }) => {
    if (step === 'mail') accepted.set(number, 0);
    if (step !== 'rcpt') return undefined;
    const before = accepted.get(number) ?? 0;
    if (before >= most) return refusal;
    accepted.set(number, before + 1);
    return undefined;
  };
};

const to = (count: number) => ({ recipients: Array.from({ length: count }, (_, index) => ({ address: `r${index}@example.net` })) });

test('recipients over the limit go in another transaction at once, on the same connection', async () => {
  const refusals = fc.constantFrom('452 4.5.3 too many', '452 too many', '552 too many', '552 5.5.3 too many');
  const run = async (count: number, most: number, refusal: string, pipelining: boolean): Promise<void> => {
    const hop = await nextHop({ script: takes(most, refusal), offers: pipelining ? ['PIPELINING', 'DSN'] : ['DSN'] });
    const tested = testDelivery(`smtp://127.0.0.1:${hop.port}`);
    const { record, content } = message(to(count));
    await tested.queue.enqueue(record, content);
    await tested.outcomes(count);
    await tested.stop();
    await hop.close();
    assert.deepEqual(new Set(Object.values(fates(tested))), new Set(['delivered 250 2.0.0']));
    assert.deepEqual([hop.received.length, hop.sessions.length], [Math.ceil(count / most), 1]);
    assert.equal(new Set(hop.received.flatMap(({ rcpt }) => rcpt)).size, count);
  };
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), refusals, fc.boolean(), run), {
    numRuns: 25,
  });
});

const refusals = (hop: NextHop): number =>
  hop.sessions.flatMap(({ commands }) => commands).filter((command) => command.startsWith('RCPT')).length -
  hop.received.flatMap(({ rcpt }) => rcpt).length;

test('what a next hop takes in one transaction is learned from its first refusal', async () => {
  for (const most of [1, 3, 10]) {
    const { hop, tested } = await deliveryToHop({ script: takes(most, '452 4.5.3 too many') });
    const deliver = async (count: number, all: number): Promise<void> => {
      const { record, content } = message(to(count));
      await tested.queue.enqueue(record, content);
      await tested.outcomes(all);
    };
    await deliver(12, 12);
    const refusedAtFirst = refusals(hop);
    assert.ok(refusedAtFirst > 0);
    await deliver(25, 37);
    assert.equal(refusals(hop), refusedAtFirst);
    assert.ok(Math.max(...hop.received.map(({ rcpt }) => rcpt.length)) <= most);
  }
});

test('a full mailbox or a single refused recipient does not count as a recipient limit', async () => {
  for (const refusal of ['452 4.2.2 mailbox full', '452 4.5.3 not now']) {
    const script: Script = (step, text) => (step === 'rcpt' && text.includes('r1@') ? refusal : undefined);
    const { hop, tested } = await deliveryToHop({ script });
    for (const done of [3, 6]) {
      const { record, content } = message(to(3));
      await tested.queue.enqueue(record, content);
      await tested.outcomes(done);
    }
    assert.deepEqual(
      hop.received.map(({ rcpt }) => rcpt.length),
      [2, 2],
    );
  }
});

test('a host that took a message in many transactions does not keep the next host from being asked', async () => {
  const script: Script = (step, text) => (step === 'rcpt' && text.includes('r0@') ? '451 4.3.0 not here' : undefined);
  const few = takes(1, '452 4.5.3 too many');
  const hop = await nextHop({ script: (step, text, session) => script(step, text, session) ?? few(step, text, session) });
  closeAfter(hop.close);
  const tested = testDelivery('mx', {
    dns: {
      mx: async () => [
        { preference: 10, exchange: 'one.test' },
        { preference: 20, exchange: 'two.test' },
      ],
      addresses: async () => ['127.0.0.1'],
    },
    set: { mxPort: hop.port },
  });
  closeAfter(tested.stop);
  const { record, content } = message(to(5));
  await tested.queue.enqueue(record, content);
  await tested.outcomes(5);
  assert.equal(hop.sessions.length, 2);
});

test('a route says how many recipients a transaction has', async () => {
  const { hop, tested } = await deliveryToHop({}, { recipients: 4 });
  const { record, content } = message(to(10));
  await tested.queue.enqueue(record, content);
  await tested.outcomes(10);
  assert.deepEqual(hop.received.map(({ rcpt }) => rcpt.length).sort(), [2, 4, 4]);
});

test('if a transaction accepts no recipient, 452 and a bare 552 defer, and any other 552 fails', async () => {
  for (const [refusal, fate] of [
    ['452 4.5.3 too many', 'deferred 452 4.5.3'],
    ['552 too many recipients', 'deferred 452 4.5.3'],
    ['552 5.2.2 mailbox full', 'failed 552 5.2.2'],
  ] as const) {
    const { hop, tested } = await deliveryToHop({ script: takes(0, refusal) });
    const { record, content } = message(to(3));
    await tested.queue.enqueue(record, content);
    await tested.outcomes(3);
    assert.deepEqual(new Set(Object.values(fates(tested))), new Set([fate]));
    assert.equal(hop.sessions[0]?.commands.filter((command) => command.startsWith('MAIL')).length, 1);
  }
});

test('an MX set whose first host has eight dead addresses, and one that is too long for an attempt', { timeout: 600_000 }, async () => {
  const hop = await nextHop({});
  closeAfter(hop.close);
  const dead = (count: number, from: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => `127.1.${from}.${index + 1}`);
  const zones: Record<string, Record<string, readonly string[]>> = {
    'many.example': { 'dead.test': dead(8, 1), 'live.test': ['127.0.0.1'] },
    'long.example': { 'd1.test': dead(2, 2), 'd2.test': dead(2, 3), 'd3.test': dead(2, 4), 'live.test': ['127.0.0.1'] },
  };
  const addresses = (name: string) => Promise.resolve(Object.values(zones).find((zone) => zone[name])?.[name] ?? []);
  const mx = async (domain: string) => Object.keys(zones[domain] ?? {}).map((exchange, index) => ({ preference: 10 + index, exchange }));
  const tested = testDelivery('mx', { dns: { mx, addresses }, set: { mxPort: hop.port, retry: [50] } });
  closeAfter(tested.stop);
  for (const domain of Object.keys(zones)) {
    const { record, content } = message({ recipients: [{ address: `a@${domain}` }] });
    await tested.queue.enqueue(record, content);
  }
  for (
    const until = Date.now() + 120_000;
    hop.received.length < 2 && Date.now() < until;
    await new Promise((resolve) => setTimeout(resolve, 20))
  )
    tested.queue.tick();
  await tested.outcomes(3);
  assert.deepEqual(tested.queue.outcomes.map(({ address, fate }) => `${fate} ${address}`).sort(), [
    'deferred a@long.example',
    'delivered a@long.example',
    'delivered a@many.example',
  ]);
});
