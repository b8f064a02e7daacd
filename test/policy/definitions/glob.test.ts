import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { compileGlob, globFault } from '../../../src/policy/lists/glob.ts';
import { runs } from '../../kit/thorough.ts';

/** What a glob means, written down as directly as can be: a table of which prefix matches which. */
const naive = (pattern: string, value: string): boolean => {
  const symbols = [...pattern.toLowerCase()];
  const letters = [...value.toLowerCase()];
  let row = letters.map(() => false);
  row.unshift(true);
  for (const symbol of symbols) {
    const next = [symbol === '*' && row[0] === true];
    letters.forEach((letter, index) => {
      if (symbol === '*') next.push(next[index] === true || row[index + 1] === true);
      else next.push(row[index] === true && (symbol === '?' || symbol === letter));
    });
    row = next;
  }
  return row[letters.length] === true;
};

const SPECIAL = [
  '*',
  '?',
  'a',
  'A',
  'b',
  '.',
  '/',
  '\\',
  '!',
  '#',
  '[',
  ']',
  '{',
  '}',
  '(',
  ')',
  '+',
  '@',
  '|',
  ',',
  '-',
  '^',
  '$',
  ' ',
  'ü',
  '😀',
  '\ue000',
  '\ufffd',
  '\ue005',
];
const piece = fc.constantFrom(...SPECIAL);
const word = fc.array(piece, { maxLength: 8 }).map((letters) => letters.join(''));

suite('globs', () => {
  test('agree with a naive matcher for any characters', () => {
    fc.assert(
      fc.property(
        word.filter((pattern) => globFault(pattern) === null),
        word,
        (pattern, value) => assert.equal(compileGlob(pattern)(value), naive(pattern, value)),
      ),
      { numRuns: runs(5000) },
    );
  });

  test('a pattern matches text generated from it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.constantFrom('*', '?', '')), { minLength: 1, maxLength: 5 }), word, (parts, filling) => {
        const plain = (text: string): string => text.replace(/[*?]/g, '');
        const pattern = parts.map(([text, wildcard]) => plain(text) + wildcard).join('');
        const value = parts.map(([text, wildcard]) => plain(text) + (wildcard === '*' ? filling : wildcard === '?' ? 'x' : '')).join('');
        if (globFault(pattern) === null) assert.ok(compileGlob(pattern)(value), `${pattern} fits ${value}`);
      }),
      { numRuns: runs(2000) },
    );
  });

  test('addresses that path patterns get wrong', () => {
    for (const [pattern, value] of [
      ['*@example.com', 'a/b@example.com'],
      ['*@example.com', '.a@example.com'],
      ['!a@example.com', '!a@example.com'],
      ['#a*', '#abc'],
      ['*@[192.0.2.1]', 'a@[192.0.2.1]'],
      ['{a,b}', '{a,b}'],
      ['*', ''],
      ['*', '..'],
    ] as const)
      assert.ok(compileGlob(pattern)(value), `${pattern} fits ${value}`);
    assert.ok(!compileGlob('[ab]@example.com')('a@example.com'));
    assert.ok(!compileGlob('{a,b}')('a'));
    assert.ok(!compileGlob('!a')('b'));
  });

  test('many stars on a long value match quickly', () => {
    const started = performance.now();
    assert.ok(!compileGlob(`${'*a'.repeat(16)}*b`.slice(2))('a'.repeat(20_000)));
    assert.ok(performance.now() - started < 10_000);
  });
});
