import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { messageContents } from '../../src/message/contents.ts';
import { IncomingMessage, type ReceivedMessage } from '../../src/message/incoming.ts';
import { type TestBodyFiles, testBodyFiles } from '../kit/body-files.ts';

const MIB = 1024 * 1024;
const HEAD = 'Content-Type: application/zip; name=x.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n';
const LINES = Buffer.from(`${Buffer.alloc(57, 'q').toString('base64')}\r\n`.repeat(840));

/** The most memory the process had while the work was done, above what it had before; bytes. */
const growth = async (work: () => Promise<void>): Promise<number> => {
  const before = process.memoryUsage.rss();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 5);
  await work();
  clearInterval(watch);
  return Math.max(peak, process.memoryUsage.rss()) - before;
};

const receive = async (
  files: TestBodyFiles,
  size: number,
): Promise<{ readonly incoming: IncomingMessage; readonly message: ReceivedMessage }> => {
  const incoming = new IncomingMessage({ headerSize: 1024, files });
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
  it('takes no more memory than a smaller one', async (test) => {
    await whole(30 * MIB);
    const grown = await growth(() => whole(100 * MIB));
    test.diagnostic(`${(grown / MIB).toFixed(1)} MiB more`);
    assert.ok(grown < 30 * MIB, `${(grown / MIB).toFixed(1)} MiB more`);
  });
});
