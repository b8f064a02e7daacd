import assert from 'node:assert/strict';
import { open } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { FileSink } from '../../src/message/body-file.ts';
import type { BodyStorage } from '../../src/message/body-writer.ts';
import { splitMessage } from '../../src/message/header.ts';
import { HeaderTooLarge, IncomingMessage, type ReceivedMessage } from '../../src/message/incoming.ts';
import { type TestBodyFiles, testBodyFiles } from '../kit/body-files.ts';
import { runs } from '../kit/thorough.ts';

const HEADER = Buffer.from('From: a@example.com\r\nSubject: hello\r\n\r\n');

let files: TestBodyFiles;
before(async () => {
  files = await testBodyFiles();
});
after(() => files.remove());

const incoming = (
  options: { readonly inMemory?: number; readonly headerSize?: number; readonly from?: BodyStorage } = {},
): IncomingMessage =>
  new IncomingMessage({ headerSize: options.headerSize ?? 1024, inMemory: options.inMemory ?? 64, bodies: options.from ?? files });

const receive = async (message: IncomingMessage, chunks: readonly Buffer[]): Promise<ReceivedMessage> => {
  for (const chunk of chunks) await message.write(chunk);
  return message.finish();
};

const cut = (bytes: Uint8Array, places: readonly number[]): Buffer[] => {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => Buffer.from(bytes.subarray(ends[index - 1] ?? 0, end)));
};

/** Bytes with many of those that mean something to the splitter. */
const messageBytes = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc
    .array(fc.constantFrom('\r\n', '\r', '\n', 'A: b', ' c', ':', 'no field', '\t', '\0', 'é', '=?utf-8?Q?=0D=0A?='), { maxLength: 60 })
    .map((parts) => Buffer.from(parts.join(''))),
);

describe('an incoming message', () => {
  it('parses the same as in one piece, for any bytes and chunks', async () => {
    await fc.assert(
      fc.asyncProperty(messageBytes, fc.array(fc.nat(), { maxLength: 8 }), async (bytes, places) => {
        const message = incoming();
        const received = await receive(message, cut(bytes, places));
        const { header, body } = splitMessage(Buffer.from(bytes));
        const whole = Buffer.concat([header.fieldBytes, header.separator, body]);
        assert.deepEqual(await buffer(received.open()), whole);
        assert.equal(received.size, whole.length);
        await message.discard();
      }),
      { numRuns: runs(300) },
    );
    assert.deepEqual(await files.left(), []);
  });

  it('has the same header however it is chunked', async () => {
    await fc.assert(
      fc.asyncProperty(messageBytes, fc.array(fc.nat(), { maxLength: 8 }), async (bytes, places) => {
        const [one, many] = [incoming({ inMemory: 1024 }), incoming({ inMemory: 1024 })];
        const whole = await receive(one, [Buffer.from(bytes)]);
        const pieces = await receive(many, cut(bytes, places));
        assert.deepEqual(pieces.header.fieldBytes, whole.header.fieldBytes);
        assert.deepEqual(pieces.header.separator, whole.header.separator);
      }),
    );
  });

  it('is available synchronously if small', () => {
    const message = incoming();
    assert.equal(message.write(HEADER), undefined);
    assert.equal(message.write(Buffer.from('body\r\n')), undefined);
    const received = message.finish();
    assert.ok(!(received instanceof Promise));
    assert.equal(received.body.kind, 'inline');
  });

  it('spills to a file beyond the memory limit, and can be read repeatedly', async () => {
    const message = incoming();
    const body = Buffer.alloc(1000, 'x');
    const received = await receive(message, [HEADER, body.subarray(0, 50), body.subarray(50)]);
    assert.equal(received.body.kind, 'file');
    for (const _ of [1, 2]) assert.deepEqual(await buffer(received.open()), Buffer.concat([HEADER, body]));
    assert.equal((await files.left()).length, 1);
    await message.discard();
    assert.deepEqual(await files.left(), []);
  });

  it('applies backpressure once too much is in memory', async () => {
    const message = incoming();
    void message.write(HEADER);
    const waits = Array.from({ length: 20 }, () => message.write(Buffer.alloc(64 * 1024)));
    assert.ok(waits.some((wait) => wait instanceof Promise));
    assert.equal((await message.finish()).size, HEADER.length + 20 * 64 * 1024);
    await message.discard();
  });

  it('leaves no file if aborted during a write', async () => {
    const message = incoming();
    void message.write(HEADER);
    void message.write(Buffer.alloc(512 * 1024));
    await message.discard();
    assert.deepEqual(await files.left(), []);
    await assert.rejects(async () => message.finish());
  });
});

describe('a message aborted at any moment', () => {
  it('leaves no file and cannot be used', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(200_000), { maxLength: 12 }), fc.nat(3), async (sizes, turns) => {
        const message = incoming();
        void message.write(HEADER);
        for (const size of sizes) void message.write(Buffer.alloc(size));
        for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
        await message.discard();
        assert.deepEqual(await files.left(), []);
        await assert.rejects(async () => message.finish());
        await message.discard();
      }),
      { numRuns: 60 },
    );
  });

  it('keeps every byte written without waiting', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(50_000), { maxLength: 20 }), fc.array(fc.boolean()), async (sizes, pauses) => {
        const message = incoming();
        void message.write(HEADER);
        for (const [index, size] of sizes.entries()) {
          void message.write(Buffer.alloc(size, index));
          if (pauses[index]) await new Promise(setImmediate);
        }
        const received = await message.finish();
        assert.deepEqual(await buffer(received.open()), Buffer.concat([HEADER, ...sizes.map((size, index) => Buffer.alloc(size, index))]));
        await message.discard();
      }),
      { numRuns: 60 },
    );
  });
});

describe('a failing incoming message', () => {
  it('reports an oversized header at the end, and keeps counting', async () => {
    const message = incoming({ headerSize: 100 });
    for (let line = 0; line < 10; line++) void message.write(Buffer.from('X-Field: some twenty bytes\r\n'));
    assert.equal(message.size, 280);
    await assert.rejects(async () => message.finish(), HeaderTooLarge);
  });

  it('accepts a header of exactly the limit', async () => {
    const message = incoming({ headerSize: HEADER.length });
    assert.equal((await receive(message, [HEADER, Buffer.from('body')])).header.length, HEADER.length);
    await assert.rejects(async () => receive(incoming({ headerSize: HEADER.length - 1 }), [HEADER]), HeaderTooLarge);
  });

  it('rejects with the code of a full disk, after the last byte, and leaves no file', async () => {
    const given: string[] = [];
    const full: BodyStorage = {
      newBody: async () => new FileSink('/dev/full', await open('/dev/full', 'w'), async (file) => void given.push(file)),
    };
    const message = incoming({ from: full });
    await message.write(HEADER);
    for (let part = 0; part < 10; part++) await message.write(Buffer.alloc(100_000));
    await assert.rejects(async () => message.finish(), { code: 'ENOSPC' });
    await message.discard();
    assert.deepEqual(given, ['/dev/full']);
  });

  it('rejects with the code of a folder that takes no file', async () => {
    const broken: BodyStorage = { newBody: () => Promise.reject(Object.assign(new Error('i/o error'), { code: 'EIO' })) };
    await assert.rejects(receive(incoming({ from: broken }), [HEADER, Buffer.alloc(1000)]), { code: 'EIO' });
  });
});
