import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { editHeader, type HeaderEdit } from '../../src/message/edits.ts';
import { isFieldName, writeField } from '../../src/message/field.ts';
import { splitMessage } from '../../src/message/header.ts';

const add = (name: string, value: string): HeaderEdit => ({ effect: 'add_header', name, value });
const replace = (name: string, value: string): HeaderEdit => ({ effect: 'replace_header', name, value });
const remove = (name: string): HeaderEdit => ({ effect: 'remove_header', name });

const ORIGINAL = 'Subject:  odd \r\n\tfolding\r\nX-A: 1\r\nto: x\r\nx-a: 2\r\n\r\n';

const edit = (edits: readonly HeaderEdit[], original = ORIGINAL) => {
  const edited = editHeader(splitMessage(Buffer.from(original)).header, edits, false);
  return { ...edited, text: Buffer.concat([edited.header.fieldBytes, edited.header.separator]).toString() };
};

describe('editing a header', () => {
  it('returns the same header without edits', () => {
    const { header } = splitMessage(Buffer.from(ORIGINAL));
    assert.equal(editHeader(header, [], false).header, header);
  });

  it('adds fields at the bottom', () => {
    const edited = edit([add('X-New', 'v')]);
    assert.equal(edited.text, 'Subject:  odd \r\n\tfolding\r\nX-A: 1\r\nto: x\r\nx-a: 2\r\nX-New: v\r\n\r\n');
    assert.deepEqual([edited.added, edited.removed], [['X-New: v'], []]);
  });

  it('replaces the first field in place and removes the others', () => {
    const edited = edit([replace('X-a', '3')]);
    assert.equal(edited.text, 'Subject:  odd \r\n\tfolding\r\nX-a: 3\r\nto: x\r\n\r\n');
    assert.deepEqual([edited.added, edited.removed], [['X-a: 3'], ['X-A: 1', 'x-a: 2']]);
  });

  it('adds the field if there is none to replace', () => assert.match(edit([replace('X-B', '1')]).text, /x-a: 2\r\nX-B: 1\r\n\r\n$/));

  it('removes all fields of a name', () => {
    const edited = edit([remove('X-A')]);
    assert.equal(edited.text, 'Subject:  odd \r\n\tfolding\r\nto: x\r\n\r\n');
    assert.deepEqual(edited.removed, ['X-A: 1', 'x-a: 2']);
  });

  it('applies edits in order', () =>
    assert.equal(
      edit([remove('X-A'), add('X-A', '9'), add('X-A', '10')]).text,
      'Subject:  odd \r\n\tfolding\r\nto: x\r\nX-A: 9\r\nX-A: 10\r\n\r\n',
    ));

  it('adds the empty line missing before the body', () => {
    assert.equal(edit([add('B', 'c')], 'A: b\r\nno field\r\n').text, 'A: b\r\nB: c\r\n\r\n');
  });

  it('separates new fields from a body without a header', () => {
    assert.equal(edit([add('B', 'c')], ' first line\r\n').text, 'B: c\r\n\r\n');
  });

  it('terminates the last line before adding another', () => {
    assert.equal(edit([add('B', 'c')], 'A: b').text, 'A: b\r\nB: c\r\n');
  });

  it('leaves other fields untouched', () => {
    const name = fc.constantFrom('A', 'a', 'B', 'C-d');
    const field = fc
      .tuple(name, fc.constantFrom('x', ' odd \r\n\tfolding ', '', '=?utf-8?Q?=C3=BC?='))
      .map(([word, value]) => `${word}:${value}\r\n`);
    const change = fc.tuple(fc.constantFrom(add, replace, remove), name).map(([make, word]) => make(word, 'new'));
    fc.assert(
      fc.property(fc.array(field), fc.array(change, { minLength: 1, maxLength: 4 }), (fields, edits) => {
        const named = new Set(edits.filter(({ effect }) => effect !== 'add_header').map((one) => one.name.toLowerCase()));
        const isUntouched = (line: string): boolean => !named.has(line.slice(0, line.indexOf(':')).toLowerCase());
        const { header } = edit(edits, `${fields.join('')}\r\n`);
        const left = header.fields.map(({ raw }) => raw.toString()).filter((line) => isUntouched(line) && !line.endsWith(': new\r\n'));
        assert.deepEqual(left, fields.filter(isUntouched));
      }),
    );
  });

  it('throws on an invalid field name', () => {
    for (const name of ['', 'a b', 'a:b', 'a\r\nb', 'é', 'x'.repeat(500)])
      assert.throws(() => edit([add(name, 'v')]), /not a header field name/);
  });
});

describe('writing a field', () => {
  it('encodes what is not ASCII, unless the message is internationalised', () => {
    assert.equal(writeField('Subject', 'Grüße an alle', false), 'Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?= an alle\r\n');
    assert.equal(writeField('Subject', 'Grüße an alle', true), 'Subject: Grüße an alle\r\n');
    assert.equal(writeField('From', 'Jürgen Groß <a@example.com>', false), 'From: =?UTF-8?Q?J=C3=BCrgen_Gro=C3=9F?= <a@example.com>\r\n');
  });

  it('leaves quotes alone', () => assert.equal(writeField('From', '"A, B" <a@example.com>', false), 'From: "A, B" <a@example.com>\r\n'));

  it('writes an empty value', () => assert.equal(writeField('X', ' ', false), 'X: \r\n'));

  it('round-trips', () => {
    const words = fc.array(
      fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\s\p{Cc}]/gu, '').replaceAll('=?', '')),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(words, fc.boolean(), (parts, smtputf8) => {
        const text = parts.filter((part) => part !== '').join(' ');
        const { header } = splitMessage(Buffer.from(writeField('X-Text', text, smtputf8)));
        assert.deepEqual(header.values('x-text'), [text]);
      }),
    );
  });

  it('gives lines that end in CRLF, hold no control character and have no more than 998 bytes', () => {
    const name = fc.string({ unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)) }).filter(isFieldName);
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3000 }),
      fc.tuple(fc.constantFrom('a', 'é', '𝄞', 'a b ', '\r\n', '\ud800'), fc.nat(2000)).map(([unit, times]) => unit.repeat(times)),
    );
    fc.assert(
      fc.property(name, text, fc.boolean(), (field, value, smtputf8) => {
        const written = writeField(field, value, smtputf8);
        const { header, body } = splitMessage(Buffer.from(written));
        assert.deepEqual([header.fields.length, body.length], [1, 0]);
        assert.ok(written.endsWith('\r\n'));
        for (const line of written.slice(0, -2).split('\r\n')) {
          assert.doesNotMatch(line, /\p{Cc}/u);
          assert.ok(Buffer.byteLength(line) <= 998, `${Buffer.byteLength(line)} bytes`);
        }
      }),
      { numRuns: 200 },
    );
  });
});
