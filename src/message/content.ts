import type { Readable } from 'node:stream';
import { type BodyRef, bodyLength, readBody } from './body.ts';
import type { RawHeader } from './header.ts';

/** A message as it will be sent: the final header with its closing empty line, and the body. */
export interface Content {
  readonly header: Buffer;
  readonly body: BodyRef;
}

/** Bytes of the whole message. */
export const contentLength = (content: Content): number => content.header.length + bodyLength(content.body);

/** The whole message as a stream of bytes; fails with the system's code if the body's file cannot be read. */
export const contentStream = (content: Content): Readable => readBody(content.header, content.body);

/**
 * The final header of a message: trace fields on top (RFC 5321 4.4: before everything else), the
 * header as rules saw it, and its closing empty line.
 */
export const finalHeader = (trace: readonly string[], header: RawHeader): Buffer =>
  Buffer.concat([...trace.map((field) => Buffer.from(field, 'utf8')), header.fieldBytes, header.separator]);
