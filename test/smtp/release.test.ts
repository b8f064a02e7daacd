import assert from 'node:assert/strict';
import { test } from 'node:test';
import { release } from '../../src/smtp/wire/release.ts';

const isOld = !('transfer' in ArrayBuffer.prototype);

test('releases the memory of a whole chunk', { skip: isOld && 'Node 20 has no means' }, () => {
  const chunk = Buffer.alloc(64 * 1024, 'a');
  release(chunk);
  assert.equal(chunk.length, 0);
});

test('keeps memory that may be shared', () => {
  const large = Buffer.alloc(64 * 1024, 'a');
  const parts = [large.subarray(0, 32 * 1024), large.subarray(1), Buffer.from('small'), Buffer.alloc(1024)];
  const before = parts.map(({ length }) => length);
  parts.forEach(release);
  assert.deepEqual(
    parts.map(({ length }) => length),
    before,
  );
});
