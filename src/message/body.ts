import { Readable } from 'node:stream';
import { BodyReader, BodyStream } from './body-reader.ts';
import type { BodyRef, StreamedBody } from './body-ref.ts';

export type { BodyRef };

/** Bytes of the body. */
export const bodyLength = (body: BodyRef): number => (body.kind === 'inline' ? body.bytes.length : body.length);

/** The bytes of `head`, then of the body, as a stream of chunks. A file that cannot be read makes the stream fail with the system's code. A caller that does not read it to the end destroys it. */
export const readBody = (head: Buffer, body: BodyRef): Readable => {
  if (body.kind === 'file') return new BodyStream(head, body);
  if (body.kind === 'stream') return Readable.from(withHead(head, body), { objectMode: false });
  return Readable.from([head, body.bytes].filter(isFilled), { objectMode: false });
};

const isFilled = (bytes: Buffer): boolean => bytes.length > 0;

async function* withHead(head: Buffer, body: StreamedBody): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  for await (const piece of body.open()) if (piece.length > 0) yield piece;
}

const PIECE = 256 * 1024;

/**
 * The bytes of a body in order, wherever it is stored. A piece is valid only until the next one is requested, since a
 * large body is read through a single buffer.
 */
export async function* bodyPieces(body: BodyRef): AsyncGenerator<Buffer> {
  if (body.kind === 'inline') {
    yield body.bytes;
    return;
  }
  if (body.kind === 'stream') {
    yield* body.open();
    return;
  }
  const reader = new BodyReader(body);
  const buffer = Buffer.allocUnsafeSlow(Math.min(PIECE, Math.max(1, body.length)));
  try {
    for (let piece = await reader.next(buffer); piece !== null; piece = await reader.next(buffer)) yield piece;
  } finally {
    reader.close();
  }
}
