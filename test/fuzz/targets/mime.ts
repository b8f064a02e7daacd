import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { messageContents } from '../../../src/message/contents.ts';
import { splitMessage } from '../../../src/message/header.ts';
import { message } from '../grammar/message.ts';
import { nothingToClose, ownMemory, type Target } from '../target.ts';

const LIMITS = { parts: 20, text: 20_000, depth: 5 };
/** A reason why it is unknown is an answer; a fault of ours has a class of its own. */
const isReason = (error: unknown): boolean =>
  error instanceof Error && !/^(?:Type|Range|Reference|Syntax|Assertion|Eval|URI)Error/.test(error.name);

const answered = async (asked: Promise<unknown>): Promise<void> => {
  await asked.catch((error: unknown) => {
    if (!isReason(error)) throw error;
  });
};

/** Header, MIME and text of a message: an answer or a limit, never a fault, and the bytes stay what they were. */
export const mime: Target = {
  name: 'mime',
  patience: 3_000,
  open: async () => ({
    run: async (random) => {
      const bytes = Buffer.from(message(random), 'latin1');
      const { header } = splitMessage(bytes);
      for (const { name, value } of header.fields) assert.doesNotMatch(name + value, /[\0\r\n]/);
      const contents = messageContents({ open: () => Readable.from([bytes]) }, LIMITS);
      const { signal } = new AbortController();
      await answered(contents.text(signal));
      await answered(contents.attachments(signal));
    },
    memory: ownMemory,
    close: nothingToClose,
  }),
};
