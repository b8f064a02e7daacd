import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Reloader } from '../../src/site/relay/reloader.ts';

test('forty requests in a row share two runs, and the last is answered by a run started after it', async () => {
  let runs = 0;
  const reloader = new Reloader(async () => {
    const number = ++runs;
    await pause(5);
    return number;
  });
  const results = await Promise.all(Array.from({ length: 40 }, () => reloader.request()));
  assert.equal(runs, 2);
  assert.deepEqual(results, [1, ...Array.from({ length: 39 }, () => 2)]);
  assert.equal(await reloader.request(), 3);
});

test('a failed run does not block the next', async () => {
  let runs = 0;
  const reloader = new Reloader(async () => {
    runs += 1;
    if (runs === 1) throw new Error('once');
    return runs;
  });
  const first = reloader.request();
  const second = reloader.request();
  await assert.rejects(first, /once/);
  assert.equal(await second, 2);
});
