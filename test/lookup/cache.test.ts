import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Cache } from '../../src/lookup/cache.ts';

const LIMITS = { total: 5000, entry: 1000 };

test('property: never more bytes than allowed, and what is given back was put in and is still good', () => {
  const step = fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    size: fc.nat({ max: 1500 }),
    keep: fc.nat({ max: 50 }),
    wait: fc.nat({ max: 20 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let now = 0;
      const cache = new Cache<string>(
        LIMITS,
        (value) => value.length,
        () => now,
      );
      const last = new Map<string, { value: string; until: number }>();
      for (const { key, size, keep, wait } of steps) {
        now += wait;
        const value = 'x'.repeat(size);
        cache.set(key, value, keep);
        last.set(key, { value, until: now + keep });
        assert.ok(cache.bytes <= LIMITS.total);
        for (const [asked, { value: expected, until }] of last) {
          const found = cache.get(asked);
          assert.ok(found === undefined || (found === expected && until > now));
        }
      }
    }),
  );
});

test('a large value is not kept, and takes the place of the one it replaces', () => {
  const cache = new Cache<string>(
    LIMITS,
    (value) => value.length,
    () => 0,
  );
  cache.set('a', 'small', 10);
  cache.set('a', 'x'.repeat(1000), 10);
  assert.deepEqual([cache.get('a'), cache.bytes], [undefined, 0]);
});

test('the least recently used entry is evicted first', () => {
  const cache = new Cache<string>(
    { total: 1300, entry: 1000 },
    (value) => value.length,
    () => 0,
  );
  for (const key of ['a', 'b', 'c']) cache.set(key, 'x'.repeat(200), 10);
  cache.get('a');
  cache.set('d', 'x'.repeat(200), 10);
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map((key) => cache.get(key) !== undefined),
    [true, false, true, true],
  );
});
