import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RateLimit, RateLimits } from '../../src/delivery/rate.ts';

test('a full burst passes, then one per interval', () => {
  const limit = new RateLimit({ count: 3, milliseconds: 3_000 });
  const waits = [0, 0, 0, 0, 1_000, 1_000].map((now) => {
    const wait = limit.wait(now);
    if (wait === 0) limit.take(now);
    return wait;
  });
  assert.deepEqual(waits, [0, 0, 0, 1_000, 0, 1_000]);
});

test('no period sees more than twice the count, and one passes after the wait', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.array(fc.nat(200), { maxLength: 300 }), (count, pauses) => {
      const limit = new RateLimit({ count, milliseconds: 1_000 });
      const taken: number[] = [];
      let now = 1_000;
      for (const pause of pauses) {
        now += pause;
        if (limit.wait(now) > 0) assert.equal(limit.wait(now + limit.wait(now)), 0);
        else {
          limit.take(now);
          taken.push(now);
        }
      }
      for (const from of taken) assert.ok(taken.filter((at) => at >= from && at < from + 1_000).length <= 2 * count);
    }),
  );
});

test('a route keeps its count through reloads as long as its rate stays the same', () => {
  const limits = new RateLimits();
  const route = { id: 'r', to: 'mx', rate: { count: 1, milliseconds: 1_000 } };
  limits.of(route)?.take(0);
  assert.equal(limits.of({ ...route })?.wait(0), 1_000);
  assert.equal(limits.of({ ...route, rate: { count: 2, milliseconds: 1_000 } })?.wait(0), 0);
  assert.equal(limits.of({ id: 'r', to: 'mx' }), null);
});

test('two processes together keep to the rate of a route', () => {
  const route = { id: 'r', to: 'mx', rate: { count: 10, milliseconds: 1_000 } };
  const both = [new RateLimits().of(route, 2), new RateLimits().of(route, 2)];
  let gone = 0;
  for (let now = 0; now < 10_000; now += 10)
    for (const limit of both)
      if (limit?.wait(now) === 0) {
        limit.take(now);
        gone += 1;
      }
  assert.ok(gone >= 100 && gone <= 110, `${gone}`);
});

test('two processes split a rate of one per minute into one per two minutes each', () => {
  const limit = new RateLimits().of({ id: 'r', to: 'mx', rate: { count: 1, milliseconds: 60_000 } }, 2);
  assert.equal(limit?.wait(0), 0);
  limit?.take(0);
  assert.equal(limit?.wait(0), 120_000);
});
