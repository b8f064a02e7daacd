import { createHash } from 'node:crypto';
import { BodyWriter } from '../../src/message/body-writer.ts';
import type { MessageContent, MessageRecord } from '../../src/queue/message.ts';
import type { MessageStore } from '../../src/queue/store.ts';
import { inline, recipient, record } from '../queue/sample.ts';

/** Small segments: a journal that rolls and gives segments up all the time. */
export const SEGMENT_SIZE = 512 * 1024;

const digest = (id: string): Buffer => createHash('sha512').update(id).digest();

/** The same bytes for the same id, whoever asks: mostly small, one in sixteen large. */
export const bodyOf = (id: string): Buffer => {
  const seed = digest(id);
  const large = seed.readUInt8(0) % 16 === 0;
  return Buffer.alloc(large ? 70_000 + seed.readUInt16LE(1) * 4 : 200 + (seed.readUInt16LE(1) % 4_000), seed);
};

export const recordOf = (id: string, attempts: number): MessageRecord =>
  record(id, { size: bodyOf(id).length, recipients: [recipient('b@example.net', { attempts })] });

interface Sample {
  readonly content: MessageContent;
  readonly discard: () => Promise<void>;
}

/** Every other large body in a file of its own, as the accept path leaves it. */
const contentOf = async (store: MessageStore, id: string): Promise<Sample> => {
  const bytes = bodyOf(id);
  if (bytes.length < 70_000 || digest(id).readUInt8(3) % 2 === 0)
    return { content: inline(bytes, `Subject: ${id}\r\n\r\n`), discard: () => Promise.resolve() };
  const writer = new BodyWriter(store);
  await writer.write(bytes);
  const content = { header: Buffer.from(`Subject: ${id}\r\n\r\n`), body: await writer.finish() };
  return { content, discard: () => writer.discard() };
};

/** Accepts the message of this id. */
export const addSample = async (store: MessageStore, id: string): Promise<void> => {
  const { content, discard } = await contentOf(store, id);
  try {
    await store.add(recordOf(id, 0), content);
  } catch (error) {
    await discard();
    throw error;
  }
};
