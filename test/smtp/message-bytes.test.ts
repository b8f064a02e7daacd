import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { LineCheck } from '../../src/smtp/wire/line-check.ts';
import { type ByteFault, type ContentReader, MessageBytes } from '../../src/smtp/wire/message-bytes.ts';
import { PlainRuns } from '../../src/smtp/wire/plain-run.ts';
import { runs } from '../kit/thorough.ts';

/* What takes many bytes at once is held against a loop that reads one after the other. */

interface Read {
  readonly content: string;
  readonly fault: ByteFault | null;
  /** Where the message ended, of everything; -1 if it did not. */
  readonly end: number;
}

const faultOf = (byte: string, before: string): ByteFault | null => {
  if (before === '\r' && byte !== '\n') return 'bare carriage return';
  if (before !== '\r' && byte === '\n') return 'bare line feed';
  return byte === '\0' ? 'NUL' : null;
};

/** RFC 5321 4.5.2, one byte after the other. Of a message with a fault the bytes do not matter, but they stay the same. */
const plainly = (text: string): Read => {
  let [content, fault, before]: [string, ByteFault | null, string] = ['', null, ''];
  let place: 'line start' | 'inside' | 'after dot' | 'after dot and CR' = 'line start';
  for (let at = 0; at < text.length; at++) {
    const byte = text[at] ?? '';
    if (place === 'after dot and CR' && byte === '\n') return { content, fault, end: at + 1 };
    fault ??= faultOf(byte, before);
    if (byte === '.' && place === 'line start') place = 'after dot';
    else if (byte === '\r' && place === 'after dot') place = 'after dot and CR';
    else {
      content += byte;
      place = byte === '\n' && before === '\r' ? 'line start' : 'inside';
    }
    before = byte;
  }
  return { content, fault, end: -1 };
};

/** In chunks of these lengths, over and over. */
const inChunks = (reader: ContentReader, text: string, lengths: readonly number[]): Read => {
  let content = '';
  for (let [at, turn] = [0, 0]; at < text.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1;
    const part = reader.push(Buffer.from(text.slice(at, at + length), 'latin1'));
    content += part.content.toString('latin1');
    if (part.end >= 0) return { content, fault: reader.fault, end: at + part.end };
    at += length;
  }
  return { content, fault: reader.fault, end: -1 };
};

const piece = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 90 }).map((length) => `${'x'.repeat(length)}\r\n`) },
  { weight: 4, arbitrary: fc.constantFrom('\r\n', '.', '..', '\r\n.', '\r\n..', 'x', '\xff', '.x\r\n', '..\r\n') },
  { weight: 1, arbitrary: fc.constantFrom('\r', '\n', '\0', '\n.\n', '\r.\r', '.\r', '\r\n.\n', '\n.\r\n', '\r\n.\r') },
  { weight: 1, arbitrary: fc.constant('\r\n.\r\n') },
);
const message = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
const long = fc.tuple(message, fc.integer({ min: 0, max: 500 }), message).map(([one, lines, other]) => {
  const middle = `${'y'.repeat(200)}\r\n`.repeat(lines);
  return `${one}${middle}${other}`;
});
const lengths = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 70_000 })), { minLength: 1, maxLength: 5 });

const lineCheckFault = (text: string, sizes: readonly number[]): { readonly fault: ByteFault | null; readonly atLineStart: boolean } => {
  const check = new LineCheck();
  for (let [at, turn] = [0, 0]; at < text.length; turn++) {
    const length = sizes[turn % sizes.length] ?? 1;
    check.look(Buffer.from(text.slice(at, at + length), 'latin1'));
    at += length;
  }
  const { atLineStart } = check;
  check.end();
  return { fault: check.fault, atLineStart };
};

const firstFault = (text: string): ByteFault | null => {
  for (let at = 0; at < text.length; at++) {
    const fault = faultOf(text[at] ?? '', text[at - 1] ?? '');
    if (fault) return fault;
  }
  return text.endsWith('\r') ? 'bare carriage return' : null;
};

suite('the bytes of a message', () => {
  test('after 354 mean what they mean one by one, however they are cut up', () =>
    fc.assert(
      fc.property(fc.oneof(message, long), lengths, (text, sizes) =>
        assert.deepEqual(inChunks(new MessageBytes(), text, sizes), plainly(text)),
      ),
      { numRuns: runs(500) },
    ));

  test('in BDAT chunks have the faults that they have one by one', () =>
    fc.assert(
      fc.property(fc.oneof(message, long), lengths, (text, sizes) =>
        assert.deepEqual(lineCheckFault(text, sizes), { fault: firstFault(text), atLineStart: text === '' || text.endsWith('\n') }),
      ),
      { numRuns: runs(500) },
    ));

  test('any one bad byte is found wherever it stands', () => {
    const line = `${'x'.repeat(37)}\r\n`.repeat(8);
    for (const [bad, fault] of [
      ['\r', 'bare carriage return'],
      ['\n', 'bare line feed'],
      ['\0', 'NUL'],
    ] as const)
      for (let at = 0; at < 200; at++) {
        const inLine = line[at - 1] === '\r' ? at + 1 : at;
        const text = `${line.slice(0, inLine)}${bad}x${line.slice(inLine)}\r\n.\r\n`;
        assert.equal(inChunks(new MessageBytes(), text, [4096]).fault, fault, `${fault} at ${inLine}`);
      }
  });

  test('are read one by one where Node has no WebAssembly', () =>
    fc.assert(
      fc.property(message, lengths, (text, sizes) =>
        assert.deepEqual(inChunks(new MessageBytes(new PlainRuns(null)), text, sizes), plainly(text)),
      ),
    ));
});
