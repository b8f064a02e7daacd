import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AttachmentStream, MessageText } from 'mailparser';
import type { Fields } from '../policy/value.ts';
import { attachmentFields } from './attachment.ts';
import { BoundedMailParser, type MimeLimits } from './mime-parser.ts';

/** What is inside a message. */
export interface MimeView {
  /** Text parts, then HTML parts as written, decoded to Unicode; `null` if there are none. */
  readonly text: string | null;
  /** There was more text than the bound: `text` is not the whole. */
  readonly textIsCut: boolean;
  /** `name`, `extension`, `type`, `size`, `sha256`; in the order of the message. */
  readonly attachments: readonly Fields[];
}

/**
 * Parses the message as a stream, memory bounded by `limits.text`. Rejects over a limit of parts or
 * depth, when the message cannot be read, and when the signal is aborted.
 */
export const parseMime = async (message: Readable, limits: MimeLimits, signal: AbortSignal): Promise<MimeView> => {
  const parser = new BoundedMailParser(limits);
  const collected: Collected = { text: null, attachments: [] };
  await pipeline(message, parser, (items: AsyncIterable<Item>) => collect(items, collected), { signal });
  return { ...collected, textIsCut: parser.textIsCut };
};

type Item = AttachmentStream | MessageText;

interface Collected {
  text: string | null;
  readonly attachments: Fields[];
}

const collect = async (items: AsyncIterable<Item>, collected: Collected): Promise<void> => {
  for await (const item of items) {
    if (item.type === 'text') collected.text = textOf(item);
    else collected.attachments.push(await attachmentFields(item));
  }
};

const textOf = ({ text, html }: MessageText): string | null => {
  const parts = [text, html].filter((part) => typeof part === 'string' && part !== '');
  return parts.length > 0 ? parts.join('\n') : null;
};
