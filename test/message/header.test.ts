import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type RawHeader, splitMessage } from '../../src/message/header.ts';
import { runs } from '../kit/thorough.ts';

const split = (text: string, encoding: BufferEncoding = 'utf8') => splitMessage(Buffer.from(text, encoding));
const names = (header: RawHeader): readonly string[] => header.fields.map((field) => field.name);
const value = (text: string, encoding: BufferEncoding = 'utf8'): string | undefined =>
  split(`X: ${text}\r\n\r\n`, encoding).header.values('x')[0];

describe('the end of a header', () => {
  const cases: readonly (readonly [why: string, message: string, fields: string, separator: string, body: string])[] = [
    ['at the empty line', 'A: b\r\n\r\nbody', 'A: b\r\n', '\r\n', 'body'],
    ['at the first empty line', 'A: b\r\n\r\n\r\nC: d', 'A: b\r\n', '\r\n', '\r\nC: d'],
    ['at the end of a message without body', 'A: b\r\n', 'A: b\r\n', '', ''],
    ['at the end of a message that breaks off', 'A: b\r\nC: d', 'A: b\r\nC: d', '', ''],
    ['before a line without a colon, and an empty line is put there', 'A: b\r\nno field\r\nC: d', 'A: b\r\n', '\r\n', 'no field\r\nC: d'],
    ['before a line with a space in its name', 'Dear a@b Mon 10:00\r\nA: b\r\n', '', '\r\n', 'Dear a@b Mon 10:00\r\nA: b\r\n'],
    ['at once where the first line continues nothing', ' A: b\r\nC: d\r\n', '', '\r\n', ' A: b\r\nC: d\r\n'],
    [
      'not at a mailbox line on top, which becomes a field',
      'From a@b Mon\r\nA: b\r\n\r\nc',
      'X-Mailbox-Line: From a@b Mon\r\nA: b\r\n',
      '\r\n',
      'c',
    ],
    ['not at a quoted mailbox line', '>From a@b Mon\r\nA: b\r\n', 'X-Mailbox-Line: >From a@b Mon\r\nA: b\r\n', '', ''],
    ['before a mailbox line that no field follows', 'From now on\r\nall is text\r\n', '', '\r\n', 'From now on\r\nall is text\r\n'],
    ['before a mailbox line and an empty line', 'From now on\r\n\r\ntext', '', '\r\n', 'From now on\r\n\r\ntext'],
    ['before a mailbox line alone', 'From now on', '', '\r\n', 'From now on'],
    ['before a mailbox line below a field', 'A: b\r\nFrom a@b Mon\r\nC: d', 'A: b\r\n', '\r\n', 'From a@b Mon\r\nC: d'],
    ['at once where there is none', '\r\nbody', '', '\r\n', 'body'],
    ['nowhere in an empty message', '', '', '', ''],
    ['not at a line of white space below a field', 'A: b\r\n \r\nC: d\r\n\r\n', 'A: b\r\n \r\nC: d\r\n', '\r\n', ''],
    ['not at white space before the colon', 'A \t: b\r\n\r\n', 'A \t: b\r\n', '\r\n', ''],
    ['not at a bare line feed', 'A: b\n\nC\r\n\r\nbody', 'A: b\n\nC\r\n', '\r\n', 'body'],
  ];
  for (const [why, message, fields, separator, rest] of cases) {
    it(why, () => {
      const { header, body } = split(message);
      assert.deepEqual([header.fieldBytes.toString(), header.separator.toString(), body.toString()], [fields, separator, rest]);
    });
  }
});

describe('a parsed header', () => {
  it('parses the same after sending, with at most an empty line or a name added', () => {
    const parts = fc.constantFrom('A: b', ' c', '\r\n', '\n', '\r', ':', 'é', 'From ', '>From a', 'no field');
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        const { header, body } = split(text);
        const sent = Buffer.concat([header.fieldBytes, header.separator, body]);
        const again = splitMessage(sent);
        assert.deepEqual([again.header.fieldBytes, again.header.separator, again.body], [header.fieldBytes, header.separator, body]);
        const unnamed = header.fieldBytes.toString().replace(/^X-Mailbox-Line: /, '');
        assert.ok([`${unnamed}${header.separator}${body}`, `${unnamed}${body}`].includes(text), JSON.stringify(text));
      }),
      { numRuns: runs(2000) },
    );
  });
});

describe('the fields of a header', () => {
  it('keep their bytes, their order and the case of their names', () => {
    const { header } = split('SUBJECT: one\r\n\ttwo\r\nTo : x\r\nsubject: three\r\n\r\n');
    assert.deepEqual(names(header), ['SUBJECT', 'To', 'subject']);
    assert.equal(header.fields[0]?.raw.toString(), 'SUBJECT: one\r\n\ttwo\r\n');
    assert.deepEqual(header.values('Subject'), ['one two', 'three']);
    assert.equal(header.count('TO'), 1);
    assert.deepEqual(header.values('missing'), []);
  });

  it('may be named like an object property', () => {
    const { header } = split('__proto__: a\r\nconstructor: b\r\n\r\n');
    assert.deepEqual([header.values('__proto__'), header.values('constructor'), header.values('toString')], [['a'], ['b'], []]);
  });

  it('may number ten thousand', () => {
    const { header } = split(`${'X-Many: x\r\n'.repeat(10_000)}\r\n`);
    assert.equal(header.count('x-many'), 10_000);
  });

  it('add up to the header, for any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('A: b', ' c', '\r\n', '\n', '\r', ':', 'é')), (parts) => {
        const { header } = split(parts.join(''));
        assert.deepEqual(Buffer.concat(header.fields.map((field) => field.raw)), header.fieldBytes);
      }),
    );
  });
});

describe('the value of a field', () => {
  const cases: readonly (readonly [why: string, written: string, read: string, encoding?: BufferEncoding])[] = [
    ['unfolded', 'one\r\n two\r\n\tthree', 'one two three'],
    ['encoded-word, Q', '=?iso-8859-1?Q?caf=E9_au_lait?=', 'café au lait'],
    ['encoded-word, B', '=?UTF-8?B?4oKsIDU=?=', '€ 5'],
    ['encoded-words side by side', '=?utf-8?Q?a?= \r\n =?utf-8?Q?b?=', 'ab'],
    ['a character parted between encoded-words', '=?utf-8?B?4oI=?= =?utf-8?B?rA==?=', '€'],
    ['with a language tag', '=?us-ascii*en?Q?Keith?=', 'Keith'],
    ['in a charset of Japan', '=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=', '日本'],
    ['in a charset nobody knows', '=?x-nonsense?Q?abc?=', 'abc'],
    ['raw UTF-8', 'grüße', 'grüße'],
    ['raw ISO 8859-1', 'gr\xfc\xdfe', 'grüße', 'latin1'],
    ['a line break in an encoded-word', '=?utf-8?Q?a=0D=0AEvil:_b?=', 'a  Evil: b'],
    ['control characters', 'a\x00b\x7fc\x1bd', 'a b c d'],
    ['nothing', '', ''],
  ];
  for (const [why, written, read, encoding] of cases) it(why, () => assert.equal(value(written, encoding), read));

  it('never holds a control character', () => {
    const word = fc.tuple(fc.constantFrom('Q', 'B'), fc.string({ unit: 'binary' })).map(([kind, text]) => `=?utf-8?${kind}?${text}?=`);
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: 'binary' }), word, fc.constantFrom('=?utf-8?Q?=0A=0D=00?=', '\r\n ')), { maxLength: 6 }),
        (parts) => {
          for (const field of split(`X: ${parts.join('')}\r\n\r\n`).header.fields) assert.doesNotMatch(field.value, /\p{Cc}/u);
        },
      ),
    );
  });
});
