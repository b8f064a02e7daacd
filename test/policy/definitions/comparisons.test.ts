import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide } from '../../../src/policy/decide/evaluate.ts';
import { compiled } from '../compiled.ts';

const held = (when: string, given: Parameters<typeof decide>[2]): boolean =>
  decide(compiled(`\nversion: 1\nrules:\n  - { id: a, on: queue, when: ${when}, then: reject }\n`), 'queue', given).verdict === 'reject';

test('eq is the same as a value alone', () => {
  for (const when of ['{ auth.user: { eq: alice } }', '{ auth.user: alice }']) {
    assert.ok(held(when, { 'auth.user': 'alice' }));
    assert.ok(!held(when, { 'auth.user': 'bob' }));
    assert.ok(!held(when, { 'auth.user': null }));
  }
});

test('lte and gte include their bound, lt and gt do not', () => {
  const sizes = [1023, 1024, 1025];
  const holding = (operator: string): readonly number[] =>
    sizes.filter((size) => held(`{ message.size: { ${operator}: 1KiB } }`, { 'message.size': size }));
  assert.deepEqual(holding('lte'), [1023, 1024]);
  assert.deepEqual(holding('lt'), [1023]);
  assert.deepEqual(holding('gte'), [1024, 1025]);
  assert.deepEqual(holding('gt'), [1025]);
  for (const when of ['{ message.size: { lte: 1KiB } }', '{ message.size: { gte: 1KiB } }'])
    assert.ok(!held(when, { 'message.size': null }));
});
