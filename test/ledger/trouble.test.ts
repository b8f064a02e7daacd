import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { stuckFile } from '../kit/stuck-file.ts';
import { until } from '../kit/until.ts';
import { folder, limit, open, remaining } from './open.ts';

const MAX = 1_000_000;

/** So many counts of one key that a new file is begun. */
const fillFile = (ledger: Ledger, times = 30_000): Promise<unknown> =>
  Promise.all(Array.from({ length: times }, () => limit(ledger, { max: MAX })));

const left = async (path: string): Promise<number> => {
  const { ledger } = await open(path);
  const rest = await remaining(ledger, { max: MAX });
  await ledger.close();
  return rest;
};

test('on a full disk, counting continues in memory, is reported once, and is written when there is room', async (t) => {
  const path = await folder(t);
  const { ledger, events } = await open(path, { tick: 100 });
  await limit(ledger, { max: MAX });
  for (const number of [2, 3]) await symlink('/dev/full', join(path, `0000000${number}.ledger`));
  await fillFile(ledger);
  await until(() => events.length > 0, 'the report');
  assert.equal(await limit(ledger, { key: 'other', max: 1 }), false);
  assert.equal(await limit(ledger, { key: 'other', max: 1 }), true);
  await limit(ledger, { max: MAX });
  await until(() => events.length > 1, 'the end of it');
  assert.deepEqual(
    events.map(({ event }) => event),
    ['failed', 'recovered'],
  );
  assert.match(JSON.stringify(events[0]), /ENOSPC/);
  await limit(ledger, { max: MAX });
  await ledger.close();
  assert.equal(await left(path), MAX - 30_003);
});

test('a busy process does not mistake its own delay for a slow disk', async (t) => {
  const path = await folder(t);
  const { ledger, events } = await open(path, { tick: 250 });
  const asked = limit(ledger, { max: MAX });
  for (const end = performance.now() + 700; performance.now() < end; );
  const began = performance.now();
  await Promise.all([asked, limit(ledger, { max: MAX })]);
  assert.ok(performance.now() - began < 10_000);
  const { ledger: other } = await open(path);
  assert.equal(await limit(other, { cost: MAX - 2, max: MAX }), false);
  assert.equal(await limit(other, { max: MAX }), true);
  assert.deepEqual(events, []);
  await other.close();
  await ledger.close();
});

test('a hanging disk delays no count for long, and no count is lost once it answers', async (t) => {
  const path = await folder(t);
  const { ledger, events } = await open(path, { tick: 100 });
  await limit(ledger, { max: MAX });
  const stuck = await stuckFile(join(path, '00000002.ledger'));
  const filling = fillFile(ledger);
  await filling;
  const began = performance.now();
  for (let count = 0; count < 100; count++) await limit(ledger, { max: MAX });
  assert.ok(performance.now() - began < 20_000);
  await stuck.release();
  await until(() => events.some(({ event }) => event === 'recovered'), 'the end of it');
  await ledger.close();
  assert.equal(await left(path), MAX - 30_101);
});
