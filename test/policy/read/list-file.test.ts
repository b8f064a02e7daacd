import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readListFile } from '../../../src/policy/read/list-file.ts';

const entriesOf = (text: string): readonly string[] => readListFile('config/lists/a.txt', text).map((entry) => entry.text);

describe('a list file', () => {
  it('has one entry a line, with its place', () => {
    const [first, second] = readListFile('config/lists/a.txt', 'a@example.com\n  @example.net  # all of it\n');
    assert.equal(first?.text, 'a@example.com');
    assert.deepEqual(first?.at, { file: 'config/lists/a.txt', line: 1, column: 1, endLine: 1, endColumn: 14 });
    assert.equal(second?.text, '@example.net');
    assert.deepEqual(second?.at, { file: 'config/lists/a.txt', line: 2, column: 3, endLine: 2, endColumn: 15 });
  });

  it('reads a bare line like any other', () => {
    const lines = fc.array(
      fc.string({ unit: fc.constantFrom('a', '@', '#', ' ', '\t', '\r', '\uFEFF', 'ü', '\x7f', '\x01'), maxLength: 5 }),
    );
    fc.assert(
      fc.property(lines, (written) => {
        const expected = written.flatMap((line, index) => {
          const content = line.replace(/(?:^|\s)#[^\n]*$/, '');
          const text = content.replace(/^[\s\uFEFF]*/, '').trimEnd();
          return text === '' ? [] : [{ text, line: index + 1, column: content.indexOf(text) + 1 }];
        });
        const found = readListFile('a', written.join('\n')).map(({ text, at: { line, column } }) => ({ text, line, column }));
        assert.deepEqual(found, expected);
      }),
    );
  });

  it('takes comments, empty lines, CRLF and a byte order mark', () => {
    assert.deepEqual(entriesOf('\uFEFFa\r\n\r\n# all of this\r\n\tb\t# and this\r\nc'), ['a', 'b', 'c']);
  });

  it('keeps a # that does not begin a comment', () => {
    assert.deepEqual(entriesOf('a#b@example.com\n#a@example.com'), ['a#b@example.com']);
  });

  it('has no entries if empty', () => {
    assert.deepEqual(entriesOf(''), []);
    assert.deepEqual(entriesOf('\n\n# nothing\n'), []);
  });

  it('is read in a fraction of a second with 300,000 entries', () => {
    const text = Array.from({ length: 300_000 }, (_, index) => `user${index}@example.com`).join('\n');
    const start = performance.now();
    assert.equal(entriesOf(text).length, 300_000);
    assert.ok(performance.now() - start < 10_000);
  });
});
