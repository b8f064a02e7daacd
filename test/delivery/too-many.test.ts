import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nextHop, type Script } from '../kit/next-hop.ts';
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

test('recipients that were too many for a transaction go in the next one at once, over the same connection', async () => {
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

test('where no transaction takes anybody, 452 and a bare 552 wait; a 552 of another meaning fails', async () => {
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

test('an MX set whose first host has eight dead addresses, and one that is too long for an attempt', { timeout: 20_000 }, async () => {
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
    const until = Date.now() + 10_000;
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
