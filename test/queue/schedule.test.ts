import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DueHeap } from '../../src/queue/heap.ts';
import { newQueueId } from '../../src/queue/id.ts';
import { destinationOf } from '../../src/queue/schedule.ts';
import { recipient, record } from './sample.ts';

describe('the heap', () => {
  it('returns items in order of due time, and none early', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000 })), (times) => {
        const heap = new DueHeap<number>();
        for (const at of times) heap.push(at, at);
        const early: number[] = [];
        for (let at = heap.pop(500); at !== undefined; at = heap.pop(500)) early.push(at);
        const sorted = [...times].sort((a, b) => a - b);
        assert.deepEqual(
          early,
          sorted.filter((at) => at <= 500),
        );
        assert.equal(heap.earliest, sorted.find((at) => at > 500) ?? null);
      }),
    );
  });
});

describe('a destination', () => {
  it('is the one domain of the recipients that are open', () => {
    const recipients = [recipient('a@One.example', { status: 'delivered' }), recipient('b@Two.example'), recipient('c@two.example')];
    assert.equal(destinationOf(record('m', { recipients })), 'two.example');
    assert.equal(destinationOf(record('m', { recipients: [...recipients, recipient('d@one.example')] })), '');
  });
});

describe('a queue id', () => {
  it('is valid in a reply, unique, and sorted by time', () => {
    const ids = Array.from({ length: 5_000 }, (_, index) => newQueueId(1_790_000_000_000 + Math.floor(index / 100)));
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual([...ids].sort(), ids);
    for (const id of ids) assert.match(id, /^[0-9a-z]{21}$/);
  });
});
