import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { ROW_BYTES } from '../../src/ledger/rows.ts';
import { until } from '../kit/until.ts';
import { clock, folder, greylist, limit, open } from './open.ts';

const batches = async (count: number, ask: (at: number) => Promise<unknown>): Promise<void> => {
  for (let first = 0; first < count; first += 500) await Promise.all(Array.from({ length: 500 }, (_, at) => ask(first + at)));
};

describe('a ledger that is full', () => {
  it('keeps the greylist and limits of other clients when one client floods it, and reports it', async (t) => {
    const path = await folder(t);
    const bytes = 4_000 * ROW_BYTES;
    const { ledger, events } = await open(path, { bytes, tick: 50 });
    assert.equal(await greylist(ledger, 'ann', '198.51.100.0'), true);
    assert.equal(await limit(ledger, { key: 'others', network: '198.51.100.0', max: 1 }), false);
    assert.equal(await limit(ledger, { name: 'limit.a/client', key: '192.0.2.7', max: 1 }), false);
    await batches(40_000, (at) => greylist(ledger, `made up ${at}`));
    assert.equal(await limit(ledger, { key: 'others', network: '198.51.100.0', max: 1 }), true);
    assert.equal(await limit(ledger, { name: 'limit.a/client', key: '192.0.2.7', max: 1 }), true, 'nor does it push out its own limit');
    assert.equal(await greylist(ledger, 'new', '203.0.113.0'), true);
    clock.now += 300_000;
    assert.equal(await greylist(ledger, 'ann', '198.51.100.0'), false);
    assert.equal(await greylist(ledger, 'new', '203.0.113.0'), false);
    await until(() => events.length > 0, 'the alarm');
    assert.deepEqual(
      events.map(({ event }) => event),
      ['full'],
    );
    assert.ok(ledger.status.entries <= 4_000);
    assert.ok(ledger.status.evicted > 30_000);
    await until(async () => (await readdir(path)).length === 1, 'one file');
    const [file = ''] = await readdir(path);
    assert.ok((await stat(join(path, file))).size < 3 * bytes + 2 * 1024 * 1024);
    await ledger.close();
  });

  it('evicts from the networks with the most entries first', async (t) => {
    const { ledger } = await open(await folder(t), { bytes: 4_000 * ROW_BYTES });
    const few = ['a', 'b', 'c'];
    for (const key of few) assert.equal(await limit(ledger, { key, network: '198.51.100.0', max: 1 }), false);
    await batches(30_000, (at) => greylist(ledger, `made up ${at}`, `10.${at % 100}.0.0`));
    for (const key of few) assert.equal(await limit(ledger, { key, network: '198.51.100.0', max: 1 }), true);
    await ledger.close();
  });

  it('keeps an entry when a flooding network also uses it', async (t) => {
    const { ledger } = await open(await folder(t), { bytes: 4_000 * ROW_BYTES });
    assert.equal(await limit(ledger, { key: 'ann', network: '198.51.100.0', max: 1 }), false);
    await batches(2_000, (at) => limit(ledger, { key: `made up ${at}` }));
    assert.equal(await limit(ledger, { key: 'ann', max: 1 }), true);
    await batches(10_000, (at) => limit(ledger, { key: `more ${at}` }));
    assert.equal(await limit(ledger, { key: 'ann', network: '198.51.100.0', max: 1 }), true);
    await ledger.close();
  });

  it('forgets what has expired before anything else', async (t) => {
    const { ledger, events } = await open(await folder(t), { bytes: 4_000 * ROW_BYTES, tick: 50 });
    await batches(900, (at) => limit(ledger, { key: `old ${at}`, network: `10.${at % 100}.0.0` }));
    clock.now += 120_000;
    await until(() => ledger.status.entries === 0, 'an empty ledger');
    assert.deepEqual([ledger.status.evicted, events], [0, []]);
    await ledger.close();
  });

  it('agrees with a plain table of rows, whatever is added, found and swept', async (t) => {
    const step = fc.record({ key: fc.nat(300), network: fc.nat(5), wait: fc.nat(2_000) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 50, maxLength: 400 }), async (steps) => {
        const { ledger } = await open(await folder(t), { bytes: 10_000 * ROW_BYTES });
        const arrivals = new Map<number, number>();
        for (const { key, network, wait } of steps) {
          clock.now += wait;
          const next = Math.max(arrivals.get(key) ?? 0, clock.now) + 15_000;
          const held = next - clock.now > 60_000;
          if (!held) arrivals.set(key, next);
          assert.equal(await limit(ledger, { key: String(key), network: `10.${network}.0.0` }), held);
        }
        await ledger.close();
      }),
      { numRuns: 20 },
    );
  });
});

const spread = (ledger: Ledger, at: number): Promise<boolean> =>
  limit(ledger, { key: String(at), network: `10.${at % 7}.0.0`, max: 1, per: 1e9 });

it('evicted entries stay evicted after a restart, and kept ones survive', async (t) => {
  const path = await folder(t);
  const { ledger } = await open(path, { bytes: 2_000 * ROW_BYTES });
  await batches(6_000, (at) => spread(ledger, at));
  const { entries } = ledger.status;
  await ledger.close();
  const { ledger: again } = await open(path, { bytes: 2_000 * ROW_BYTES });
  assert.ok(again.status.entries >= entries * 0.9, `${again.status.entries} of ${entries}`);
  let kept = 0;
  for (let at = 5_500; at < 6_000; at++) if (await spread(again, at)) kept++;
  assert.ok(kept >= 490, `${kept} of the last 500`);
  await again.close();
});
