import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Turns } from '../../src/smtp/auth/turns.ts';

test('so many at a time, in order, and a fault gives its turn on', async () => {
  const turns = new Turns(2);
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const work = (id: number) => async (): Promise<number> => {
    started.push(id);
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    if (id === 1) throw new Error('boom');
    return id;
  };
  const results = await Promise.allSettled([0, 1, 2, 3, 4].map((id) => turns.take(work(id))));
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled'],
  );
  assert.deepEqual(started, [0, 1, 2, 3, 4]);
  assert.equal(most, 2);
});
