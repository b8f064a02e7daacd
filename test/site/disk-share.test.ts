import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareOfFree } from '../../src/site/relay/disk-share.ts';

const MIB = 1024 * 1024;

const shares = { 0: [1, 1], 20: [1, 1], 100: [4, 4], 300: [16, 16], 1024: [16, 32], 1000000: [16, 32] };

for (const [free, [segment = 0, ledger = 0]] of Object.entries(shares))
  test(`a queue with ${free} MiB free leaves room for mail`, () =>
    assert.deepEqual(shareOfFree(Number(free) * MIB), { segment: segment * MIB, ledger: ledger * MIB }));
