import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { messageContents } from '../../src/message/contents.ts';
import { IncomingMessage, type ReceivedMessage } from '../../src/message/incoming.ts';
import { type TestBodyFiles, testBodyFiles } from '../kit/body-files.ts';

const MIB = 1024 * 1024;
const HEAD = 'Content-Type: application/zip; name=x.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n';
const LINES = Buffer.from(`${Buffer.alloc(57, 'q').toString('base64')}\r\n`.repeat(840));

/**
 * V8 lets buffers nobody holds pile up to twice its young generation, which differs between versions of Node; this
 * clears them away. The buffers of one collection are freed beside the program, and the next one waits for that.
 */
const collect = (): void => {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  assert.ok(typeof gc === 'function');
  gc();
  gc();
};

/** Bytes that somebody holds. */
const held = (): number => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/** The most bytes held while the work was done, above those before. */
const growth = async (work: () => Promise<void>): Promise<number> => {
  const before = held();
  let peak = before;
  const look = (): void => {
    peak = Math.max(peak, held());
  };
  const watch = setInterval(look, 200);
  await work();
  clearInterval(watch);
  look();
  return peak - before;
};

const receive = async (
  files: TestBodyFiles,
  size: number,
): Promise<{ readonly incoming: IncomingMessage; readonly message: ReceivedMessage }> => {
  const incoming = new IncomingMessage({ headerSize: 1024, bodies: files });
  await incoming.write(Buffer.from(HEAD));
  while (incoming.size < size) await incoming.write(Buffer.from(LINES));
  return { incoming, message: await incoming.finish() };
};

const readThrough = async (message: ReceivedMessage): Promise<number> => {
  let bytes = 0;
  for await (const chunk of message.open()) bytes += Buffer.byteLength(chunk);
  return bytes;
};

const looksInto = async (message: ReceivedMessage): Promise<void> => {
  const [attachment] = await messageContents(message, { parts: 10 }).attachments(new AbortController().signal);
  assert.ok(Number(attachment?.size) > message.size / 2);
};

/** Everything that is done with a message here: taken in, read back, parsed. */
const whole = async (size: number): Promise<void> => {
  const files = await testBodyFiles();
  const { incoming, message } = await receive(files, size);
  assert.equal(await readThrough(message), message.size);
  await looksInto(message);
  await incoming.discard();
  assert.deepEqual(await files.left(), []);
  await files.remove();
};

describe('a message of 100 MiB', () => {
  it('is not held in memory: eight MiB are the most, on every Node', async (test) => {
    await whole(30 * MIB);
    const grown = await growth(() => whole(100 * MIB));
    test.diagnostic(`${(grown / MIB).toFixed(1)} MiB more`);
    assert.ok(grown < 8 * MIB, `${(grown / MIB).toFixed(1)} MiB more`);
  });
});
