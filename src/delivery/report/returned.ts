import { isAscii } from 'node:buffer';
import { bodyPieces } from '../../message/body.ts';
import type { MessageContent, MessageRecord } from '../../queue/message.ts';

/** What of the original goes back with a DSN. */
export interface Returned {
  readonly bytes: Buffer;
  readonly whole: boolean;
  readonly isAscii: boolean;
}

export interface ReturnOptions {
  readonly full: boolean;
  /** Bytes. */
  readonly limit: number;
  /** The DSN may be 8-bit: it goes where SMTPUTF8 is needed anyway, and that includes 8BITMIME (RFC 6531 3.1). */
  readonly eightBit: boolean;
}

/**
 * The whole message if that was wanted, it is not larger than the limit and can travel; else its header, cut at the end of
 * a line if need be (RFC 3461 4.3: RET is a wish, and HDRS always allowed where FULL is too much). A whole message
 * may not be encoded (RFC 2046 5.2.1), so an 8-bit one goes back only in an 8-bit DSN.
 */
export const returnedPart = async (record: MessageRecord, content: MessageContent, options: ReturnOptions): Promise<Returned> => {
  if (options.full && record.size <= options.limit) {
    const bytes = Buffer.concat([content.header, ...(await pieces(content))]);
    if (options.eightBit || isAscii(bytes)) return { bytes, whole: true, isAscii: isAscii(bytes) };
  }
  const bytes = cutAtLine(content.header, options.limit);
  return { bytes, whole: false, isAscii: isAscii(bytes) };
};

const pieces = async ({ body }: MessageContent): Promise<readonly Buffer[]> => {
  const all: Buffer[] = [];
  for await (const piece of bodyPieces(body)) all.push(Buffer.from(piece));
  return all;
};

const cutAtLine = (header: Buffer, limit: number): Buffer =>
  header.length <= limit ? header : header.subarray(0, header.lastIndexOf('\n', limit) + 1);
