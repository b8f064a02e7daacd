import { setMaxListeners } from 'node:events';
import { type Duplex, type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AttachmentStream, MessageText } from 'mailparser';
import type { Fields } from '../../policy/value.ts';
import { fileFields, readAttachment } from './attachment.ts';
import { MimeBudget, MimeLimitError, type MimeLimits } from './budget.ts';
import { decodeCharset } from './charset.ts';
import { BoundedMailParser, type ShownText, type TextPart } from './parser.ts';
import type { Part } from './part.ts';
import { namesOf } from './part-names.ts';
import { decodeText } from './text-charset.ts';

/** What is inside a message. */
export interface MimeView {
  /** Text and HTML parts as written, in order. */
  readonly texts: readonly TextPart[];
  /** There was more text than the bound: `texts` are not the whole. */
  readonly textIsCut: boolean;
  /** `name`, `extension`, `type`, `size`, `sha256`; in order, what an attached message holds behind that message. */
  readonly attachments: readonly Fields[];
  /** Why other readers may see other parts; `null` if all see the same. */
  readonly structureDoubt: string | null;
  /** Why the names of attachments may not be all. */
  readonly nameDoubt: string | null;
}

/**
 * Parses the message as a stream, memory bounded by `limits.text`; an attached message is parsed like
 * the one it is attached to. Rejects over a limit of parts or depth, when the message cannot be read,
 * and when the signal is aborted.
 */
export const parseMime = async (message: Readable, limits: MimeLimits, signal: AbortSignal): Promise<MimeView> => {
  const reading: Reading = { budget: new MimeBudget(limits), signal, texts: [], attachments: [] };
  // Each message within another listens to it.
  setMaxListeners(limits.depth * 3, signal);
  try {
    await untilAborted(read(message, reading, 0), signal);
  } catch (error) {
    // A surrounding reader may have heard of its end first.
    throw reading.budget.excess ?? error;
  } finally {
    message.destroy();
  }
  const { budget, texts, attachments } = reading;
  const { textIsCut, structureDoubt, nameDoubt } = budget;
  return { texts, textIsCut, attachments, structureDoubt, nameDoubt };
};

interface Reading {
  readonly budget: MimeBudget;
  readonly signal: AbortSignal;
  readonly texts: TextPart[];
  readonly attachments: Fields[];
}

/** A pipeline ends when all its streams have, and what hangs in a source may never end. */
const untilAborted = (reading: Promise<void>, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    reading.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });

const read = async (message: Readable, reading: Reading, within: number): Promise<void> => {
  const parser = new BoundedMailParser(reading.budget, within);
  const stream: Duplex = parser;
  await pipeline(
    message,
    stream,
    async (items: AsyncIterable<AttachmentStream | MessageText>) => {
      for await (const item of items) {
        const part = item.type === 'attachment' ? parser.partOf(item) : undefined;
        if (item.type === 'attachment') await readItem({ item, part, shown: parser.shownAs(part) }, reading, within + 1);
      }
    },
    { signal: reading.signal },
  );
  reading.texts.push(...parser.texts);
  reading.attachments.push(...filesIn(parser, reading.budget));
};

/** Files that are no part of their own. */
const filesIn = ({ namedContainers, encodedFiles }: BoundedMailParser, budget: MimeBudget): readonly Fields[] => [
  ...namedContainers.map(({ named }) => fileFields(named, 'multipart')),
  ...files(encodedFiles, budget),
];

/** Files within others, by the names that were written there. */
const files = (written: readonly string[], budget: MimeBudget): readonly Fields[] =>
  written.map((name) => {
    const names = namesOf([name]);
    budget.nameDoubt ??= names.doubt;
    return fileFields(names, 'application/octet-stream');
  });

/** RFC 2046 5.2.1, RFC 6532 3.7; MailParser calls a nameless kind of file by its name, so `x.eml` is one too. */
const MESSAGE_TYPES: readonly string[] = ['message/rfc822', 'message/global', 'message/news'];

interface Attached {
  readonly item: AttachmentStream;
  readonly part: Part | undefined;
  readonly shown: ShownText | null;
}

const isMessage = ({ item, part }: Attached): boolean =>
  MESSAGE_TYPES.includes(item.contentType) || part?.named.extensions.includes('eml') === true;

const readItem = async (attached: Attached, reading: Reading, within: number): Promise<void> => {
  const inside: Reading = { ...reading, texts: [], attachments: [] };
  const whole = isMessage(attached) ? read(attachedMessage(attached.item, reading.budget), inside, within) : null;
  const text = attached.shown ? collect(attached.item, reading.budget) : null;
  const [{ fields, packed, doubt }] = await Promise.all([readAttachment(attached.item, attached.part), whole]);
  reading.budget.nameDoubt ??= doubt;
  reading.attachments.push(fields, ...files(packed, reading.budget), ...inside.attachments);
  reading.texts.push(...inside.texts);
  if (attached.shown && text) reading.texts.push(shownText(Buffer.concat(text), attached.shown));
};

/** The bytes of a text that is read as an attachment, within the bound of all text. */
const collect = ({ content }: AttachmentStream, budget: MimeBudget): readonly Buffer[] => {
  const pieces: Buffer[] = [];
  content.on('data', (bytes: Buffer) => {
    budget.textBytes += bytes.length;
    if (!budget.textIsCut) pieces.push(bytes);
  });
  return pieces;
};

const shownText = (bytes: Buffer, { kind, charset }: ShownText): TextPart => ({
  kind,
  text: charset === '' ? decodeText(bytes, kind === 'html') : decodeCharset(bytes, charset).text,
});

/** Tab, LF, CR, space. */
const BLANK: readonly number[] = [0x09, 0x0a, 0x0d, 0x20];

/** Each message within another is parsed once more, and once more again within that one. Bytes. */
const MOST_WITHIN = 64 * 1024 * 1024;

/** Some programs pass over blank lines in front of an attached message's header, where others see a message without one. */
const withoutBlankStart = (): Transform => {
  let begun = false;
  return new Transform({
    transform: (bytes: Buffer, _encoding, done) => {
      const start = begun ? 0 : bytes.findIndex((byte) => !BLANK.includes(byte));
      begun ||= start >= 0;
      done(null, start < 0 ? null : bytes.subarray(start));
    },
  });
};

const attachedMessage = ({ content }: AttachmentStream, budget: MimeBudget): Readable => {
  const message = withoutBlankStart();
  content.on('data', (bytes: Buffer) => {
    budget.bytesWithin += bytes.length;
    if (budget.bytesWithin <= MOST_WITHIN) return;
    budget.excess ??= new MimeLimitError('too much to read in messages within messages');
    message.destroy(budget.excess);
  });
  content.once('error', (error: Error) => message.destroy(error));
  return content.pipe(message);
};
