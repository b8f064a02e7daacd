import type { Readable } from 'node:stream';
import { type BodyRef, bodyLength, readBody } from './body.ts';
import type { RawHeader } from './header.ts';

const EMPTY_LINE = Buffer.from('\r\n');

/** A message as it will leave: the final header with its closing empty line, and the body below. */
export interface Content {
  readonly header: Buffer;
  readonly body: BodyRef;
}

/** Bytes of the whole message. */
export const contentLength = (content: Content): number => content.header.length + bodyLength(content.body);

/** The whole message as a stream of bytes; fails with the system's code if the body's file cannot be read. */
export const contentStream = (content: Content): Readable => readBody(content.header, content.body);

/**
 * The header of a message that leaves: trace fields on top (RFC 5321 4.4: in front of everything), the
 * header as it stands, its closing empty line. Where a line that is no field ended the header, nothing
 * is put in between, so that what came in goes out; only a message that has no field at all is parted
 * from our fields by an empty line, or its first line could be read as their continuation.
 */
export const finalHeader = (trace: readonly string[], header: RawHeader): Buffer => {
  const parts: Buffer[] = trace.map((field) => Buffer.from(field, 'utf8'));
  parts.push(header.fieldBytes, header.separator);
  if (header.fieldBytes.length === 0 && header.separator.length === 0) parts.push(EMPTY_LINE);
  return Buffer.concat(parts);
};
