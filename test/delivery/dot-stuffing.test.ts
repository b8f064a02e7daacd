import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { endsLine, stuffDots, terminator } from '../../src/delivery/client/dot-stuffing.ts';

const piece = fc.array(fc.constantFrom('.', '\r\n', '\n', '\r', 'a', '..')).map((parts) => Buffer.from(parts.join('')));

/** What a receiver makes of it (RFC 5321 4.5.2). */
const unstuffed = (wire: Buffer): string => wire.toString('latin1').replace(/(^|\n)\./g, '$1');

const sent = (pieces: readonly Buffer[]): Buffer => {
  const out: Buffer[] = [];
  let atLineStart = true;
  for (const bytes of pieces) {
    out.push(stuffDots(bytes, atLineStart));
    atLineStart = endsLine(bytes, atLineStart);
  }
  return Buffer.concat(out);
};

test('dot-stuffing round-trips, however the content is chunked', () => {
  fc.assert(fc.property(fc.array(piece), (pieces) => assert.equal(unstuffed(sent(pieces)), Buffer.concat(pieces).toString('latin1'))));
});

test('no content can end DATA early', () => {
  fc.assert(fc.property(fc.array(piece), (pieces) => assert.equal(/(^|\r\n)\.\r\n/.test(sent(pieces).toString('latin1')), false)));
});

test('content without such dots is not copied', () => {
  const bytes = Buffer.from('a.b\r\nc.\r\n');
  assert.equal(stuffDots(bytes, true), bytes);
});

test('an unfinished line is finished before the final dot', () => {
  assert.deepEqual([String(terminator(true)), String(terminator(false))], ['.\r\n', '\r\n.\r\n']);
});
