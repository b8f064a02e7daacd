import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { harmless, parseReply } from '../../src/delivery/reply.ts';

const cases: readonly (readonly [string, number, string, string])[] = [
  ['250 2.1.5 ok', 250, '2.1.5', 'ok'],
  ['250 ok', 250, '2.0.0', 'ok'],
  ['250', 250, '2.0.0', ''],
  ['550-5.1.1 no\r\n550 5.1.1 such user', 550, '5.1.1', 'no such user'],
  ['550-5.1.1 no\n550 5.1.1 such user', 550, '5.1.1', 'no such user'],
  ['450 5.1.1 of two minds', 450, '4.0.0', 'of two minds'],
  ['550 5.1.1', 550, '5.1.1', ''],
  ['554 5.7.1234 odd', 554, '5.0.0', '5.7.1234 odd'],
  ['hello', 0, '4.5.0', 'hello'],
  ['2500 what', 0, '4.5.0', '2500 what'],
];

for (const [raw, code, enhanced, text] of cases)
  test(`reads ${JSON.stringify(raw)}`, () => {
    const { verbatim, ...reply } = parseReply(raw);
    assert.deepEqual(reply, { code, enhanced, text });
    assert.equal(verbatim, raw.replace(/[\r\n]+/g, ' '));
  });

test('no reply leaves a control character or more than 500 of any', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), (raw) => {
      const { text, enhanced, verbatim } = parseReply(raw);
      for (const said of [text, verbatim]) {
        assert.doesNotMatch(said, /\p{Cc}|\u2028|\u2029/u);
        assert.ok(said.length <= 500);
      }
      assert.match(enhanced, /^\d\.\d{1,3}\.\d{1,3}$/);
    }),
  );
});

test('untrusted text is folded into one line', () => assert.equal(harmless(' a\r\nb\0c\u202e '), 'a b c'));
