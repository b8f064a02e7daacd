import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { didYouMean, editDistance, nearest } from '../../../src/policy/suggest.ts';

describe('a suggestion', () => {
  it('is the known name that is nearest', () => {
    assert.equal(nearest('recipient.adress', ['sender.address', 'recipient.address', 'recipient.base']), 'recipient.address');
    assert.equal(nearest('rctp', ['reset', 'rcpt', 'data']), 'rcpt');
    assert.equal(nearest('startsWith', ['ends_with', 'starts_with']), 'starts_with');
    assert.equal(nearest('X-Tenant_Id', ['x-tenant-id']), 'x-tenant-id');
  });

  it('is not made if nothing is similar', () => {
    assert.equal(nearest('color', ['client.ip', 'helo.name']), null);
    assert.equal(nearest('a', ['to', 'is']), null);
    assert.equal(nearest('a'.repeat(1000), ['a'.repeat(999)]), null);
    assert.equal(didYouMean('color', ['rcpt'], 'Remove it.'), 'Remove it.');
  });

  it('counts a transposition as one edit', () => {
    assert.equal(editDistance('rctp', 'rcpt'), 1);
    assert.equal(editDistance('', 'abc'), 3);
  });

  it('measures the same way in both directions, and nothing between equals', () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        assert.equal(editDistance(a, b), editDistance(b, a));
        assert.equal(editDistance(a, a), 0);
        assert.ok(editDistance(a, b) <= Math.max(a.length, b.length));
      }),
    );
  });
});
