import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { DURATION_PATTERN, parseDuration, parseSize, SIZE_PATTERN } from '../../../src/policy/quantity.ts';

const reference = readFileSync('docs/reference.md', 'utf8');

/** Rows of the table of the reference with these headings: what is written, and what it is. */
const rowsOf = (written: string, meant: string): readonly (readonly [string, number])[] => {
  const [, table = ''] = reference.split(`| ${written} | ${meant} |\n| --- | --- |\n`);
  const rows = (table.split('\n\n')[0] ?? '').matchAll(/^\| `([^`]+)` \| ([\d.]+) \|$/gm);
  return [...rows].map(([, text = '', value]) => [text, Number(value)] as const);
};

describe('what the reference says of quantities', () => {
  it('is true of sizes', () => {
    const rows = rowsOf('size', 'bytes');
    assert.ok(rows.length >= 4);
    for (const [text, bytes] of rows) {
      assert.match(text, new RegExp(SIZE_PATTERN));
      assert.equal(parseSize(text), bytes);
    }
  });

  it('is true of durations', () => {
    const rows = rowsOf('duration', 'seconds');
    assert.ok(rows.length >= 6);
    for (const [text, seconds] of rows) {
      assert.match(text, new RegExp(DURATION_PATTERN));
      assert.equal(parseDuration(text), seconds * 1000);
    }
  });

  it('the schema takes what the parser understands, in any letter case', () => {
    for (const text of ['10kB', '10KB', '10kb', '25MiB', '25mib', '1.5GiB', '10 MB', '4096', '7b'])
      assert.equal(new RegExp(SIZE_PATTERN).test(text), parseSize(text) !== null, text);
  });
});
