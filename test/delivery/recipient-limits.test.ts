import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecipientLimits } from '../../src/delivery/recipient-limits.ts';

const HOUR = 3_600_000;

test('a learned recipient limit overrides that of the route, and expires after an hour', () => {
  const limits = new RecipientLimits();
  assert.equal(limits.of('a', undefined, 0), 100);
  assert.equal(limits.of('a', 50, 0), 50);
  limits.learn('a', 10, 0);
  assert.equal(limits.of('a', undefined, HOUR - 1), 10);
  assert.equal(limits.of('a', 3, HOUR - 1), 3);
  assert.equal(limits.of('a', undefined, HOUR), 100);
  assert.equal(limits.of('b', undefined, 0), 100);
});

test('the latest ten thousand destinations are remembered', () => {
  const limits = new RecipientLimits();
  for (let n = 0; n <= 10_000; n++) limits.learn(`d${n}`, 5, 0);
  assert.equal(limits.of('d0', undefined, 0), 100);
  assert.equal(limits.of('d1', undefined, 0), 5);
});
