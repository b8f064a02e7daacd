import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';

/** Where the bytes below the header stand. A small body is held in memory, a large one in a file. */
export type BodyRef =
  | { readonly kind: 'inline'; readonly bytes: Buffer }
  | { readonly kind: 'file'; readonly file: string; readonly offset: number; readonly length: number };

/** Bytes of the body. */
export const bodyLength = (body: BodyRef): number => (body.kind === 'inline' ? body.bytes.length : body.length);

const fileBytes = (body: Extract<BodyRef, { kind: 'file' }>): AsyncIterable<Buffer> =>
  createReadStream(body.file, { start: body.offset, end: body.offset + body.length - 1, highWaterMark: 64 * 1024 });

/** The bytes of `head`, then of the body, as a stream of chunks. A file that cannot be read makes the stream fail with the system's code. */
export const readBody = (head: Buffer, body: BodyRef): Readable => {
  if (body.kind === 'inline') return Readable.from([head, body.bytes].filter(isFilled), { objectMode: false });
  return Readable.from(chunks(head, body), { objectMode: false });
};

const isFilled = (bytes: Buffer): boolean => bytes.length > 0;

async function* chunks(head: Buffer, body: Extract<BodyRef, { kind: 'file' }>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  if (body.length > 0) yield* fileBytes(body);
}
