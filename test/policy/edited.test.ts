import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Fix, Span } from '../../src/policy/diagnostic.ts';
import { edited } from '../../src/policy/edited.ts';

const span = (line: number, column: number, endLine: number, endColumn: number): Span => ({ file: 'a', line, column, endLine, endColumn });
const fix = (...edits: readonly (readonly [Span, string])[]): Fix => ({
  title: 't',
  safe: true,
  edits: edits.map(([at, text]) => ({ at, text })),
});
const after = (text: string, ...fixes: readonly Fix[]): string => edited(new Map([['a', text]]), fixes).texts.get('a') ?? text;

test('of two fixes that touch the same characters the first is made, and each fix is made whole or not at all', () => {
  assert.equal(after('abc\ndef\n', fix([span(1, 1, 1, 3), 'X']), fix([span(1, 2, 1, 4), 'Y'])), 'Xc\ndef\n');
  assert.equal(after('abc\ndef\n', fix([span(1, 1, 1, 3), 'X']), fix([span(2, 1, 2, 2), 'Y'], [span(1, 2, 1, 4), 'Z'])), 'Xc\ndef\n');
  assert.equal(after('abc\n', fix([span(1, 1, 1, 2), 'X']), fix([span(1, 2, 1, 3), 'Y'])), 'XYc\n');
  assert.equal(after('abc\n', fix([span(1, 2, 1, 2), 'X']), fix([span(1, 2, 1, 2), 'Y'])), 'aXbc\n');
});

test('a place outside the file changes nothing', () => {
  for (const at of [span(3, 1, 3, 1), span(1, 5, 1, 6), span(1, 1, 9, 1), span(1, 0, 1, 2), span(2, 1, 1, 1)])
    assert.equal(after('abc\n', fix([at, 'X'])), 'abc\n');
});

test('whatever is edited, all else stays', () => {
  const texts = fc.array(fc.constantFrom('a', 'b', ' ', '\n', '\r\n', '🦄'), { maxLength: 60 }).map((parts) => parts.join(''));
  const ranges = fc.array(fc.tuple(fc.nat(70), fc.nat(5), fc.constantFrom('', 'x', 'yy')), { maxLength: 8 });
  fc.assert(
    fc.property(texts, ranges, (text, wanted) => {
      const placeOf = (offset: number): readonly [number, number] => {
        const lines = text.slice(0, offset).split('\n');
        return [lines.length, (lines.at(-1) ?? '').length + 1];
      };
      const inside = wanted.map(
        ([start, length, put]) => [Math.min(start, text.length), Math.min(start + length, text.length), put] as const,
      );
      const fixes = inside.map(([start, end, put]) => fix([span(...placeOf(start), ...placeOf(end)), put]));
      const { made, texts: results } = edited(new Map([['a', text]]), fixes);
      const done = inside.filter((_, at) => made.includes(fixes[at] ?? fix())).toSorted(([a], [b]) => b - a);
      const expected = done.reduce((sofar, [start, end, put]) => sofar.slice(0, start) + put + sofar.slice(end), text);
      assert.equal(results.get('a') ?? text, expected);
    }),
  );
});
