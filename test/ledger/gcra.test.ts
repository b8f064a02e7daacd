import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { conforming } from '../../src/ledger/gcra.ts';

describe('rate limits by GCRA', () => {
  it('allows a burst of max, then one per per/max', () => {
    let arrival = 0;
    const ask = (now: number): boolean => {
      const next = conforming(arrival, now, { cost: 1, max: 3, per: 3_000 });
      if (next !== null) arrival = next;
      return next !== null;
    };
    assert.deepEqual([ask(10_000), ask(10_000), ask(10_000), ask(10_000)], [true, true, true, false]);
    assert.deepEqual([ask(10_999), ask(11_000), ask(11_000)], [false, true, false]);
  });

  it('never allows more than max plus what has drained, and a refused event costs nothing', () => {
    const events = fc.array(fc.record({ wait: fc.integer({ min: 0, max: 500 }), cost: fc.integer({ min: 1, max: 4 }) }), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(events, (list) => {
        const [max, per] = [10, 1_000];
        let now = 1_000_000;
        let arrival = 0;
        let passed = 0;
        for (const { wait, cost } of list) {
          now += wait;
          const next = conforming(arrival, now, { cost, max, per });
          if (next === null) continue;
          arrival = next;
          passed += cost;
        }
        assert.ok(passed <= max + ((now - 1_000_000) * max) / per + 1e-6);
      }),
    );
  });

  it('refuses an event that can never conform', () => {
    assert.equal(conforming(0, 1_000, { cost: 11, max: 10, per: 1_000 }), null);
  });

  it('starts over if the clock has gone back', () => {
    assert.equal(conforming(900_000, 1_000, { cost: 1, max: 10, per: 1_000 }), 1_100);
  });
});
