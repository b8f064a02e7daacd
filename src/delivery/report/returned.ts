import { isAscii } from 'node:buffer';
import { bodyPieces } from '../../message/body.ts';
import type { MessageContent, MessageRecord } from '../../queue/message.ts';

/** What of the original goes back with a DSN. */
export interface Returned {
  readonly bytes: Buffer;
  readonly whole: boolean;
  /** Its header goes beyond ASCII (RFC 6532). */
  readonly international: boolean;
}

/**
 * The whole message if that was wanted and it is not larger than `limit` bytes, else its header, cut at the end of
 * a line if need be (RFC 3461 4.3: RET is a wish, and HDRS always allowed where FULL is too much).
 */
export const returnedPart = async (
  record: MessageRecord,
  content: MessageContent,
  wish: { readonly full: boolean; readonly limit: number },
): Promise<Returned> => {
  const international = !isAscii(content.header);
  if (!wish.full || record.size > wish.limit) return { bytes: cutAtLine(content.header, wish.limit), whole: false, international };
  return { bytes: Buffer.concat([content.header, ...(await pieces(content))]), whole: true, international };
};

const pieces = async ({ body }: MessageContent): Promise<readonly Buffer[]> => {
  const all: Buffer[] = [];
  for await (const piece of bodyPieces(body)) all.push(Buffer.from(piece));
  return all;
};

const cutAtLine = (header: Buffer, limit: number): Buffer =>
  header.length <= limit ? header : header.subarray(0, header.lastIndexOf('\n', limit) + 1);
