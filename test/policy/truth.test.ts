import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { and, not, or, type Truth, truthName } from '../../src/policy/truth.ts';

const truth = fc.constantFrom<Truth>(true, false, undefined);

/** Kleene's logic is min and max over false < unknown < true. */
const rank = (value: Truth): number => (value === undefined ? 1 : value ? 2 : 0);

test('and is the minimum, or the maximum, of false < unknown < true', () => {
  fc.assert(
    fc.property(truth, truth, (a, b) => {
      assert.equal(rank(and(a, b)), Math.min(rank(a), rank(b)));
      assert.equal(rank(or(a, b)), Math.max(rank(a), rank(b)));
    }),
  );
});

test('not is its own inverse and leaves unknown unknown', () => {
  fc.assert(fc.property(truth, (a) => assert.equal(not(not(a)), a)));
  assert.equal(not(undefined), undefined);
});

test('De Morgan, associativity, distributivity', () => {
  fc.assert(
    fc.property(truth, truth, truth, (a, b, c) => {
      assert.equal(not(and(a, b)), or(not(a), not(b)));
      assert.equal(and(a, and(b, c)), and(and(a, b), c));
      assert.equal(and(a, or(b, c)), or(and(a, b), and(a, c)));
    }),
  );
});

test('an unknown never changes a result that is decided without it', () => {
  assert.equal(and(false, undefined), false);
  assert.equal(or(undefined, true), true);
  assert.deepEqual([true, false, undefined].map(truthName), ['true', 'false', 'unknown']);
});
