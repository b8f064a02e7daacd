import { isAscii } from 'node:buffer';
import { bodyPieces } from '../../message/body.ts';
import type { MessageContent, MessageRecord } from '../../queue/message.ts';

/** The part of the original returned with a DSN. */
export interface Returned {
  readonly bytes: Buffer;
  readonly whole: boolean;
  /** 7bit as it is (RFC 2045 2.7): ASCII, in lines that every host accepts. */
  readonly isSevenBit: boolean;
  /** Of a line, without CR LF (RFC 5321 4.5.3.1.6). */
  readonly hasLongLines: boolean;
}

export interface ReturnOptions {
  readonly full: boolean;
  /** Bytes. */
  readonly limit: number;
  /** The DSN may be 8-bit: it needs SMTPUTF8 anyway, which includes 8BITMIME (RFC 6531 3.1). */
  readonly eightBit: boolean;
}

/**
 * The whole message if requested, within the limit and transportable; otherwise its header, cut at the end of a line
 * if necessary (RFC 3461 4.3: RET is only a request, and HDRS may always replace FULL). A whole message must not be
 * encoded (RFC 2046 5.2.1), so an 8-bit one is returned only in an 8-bit DSN.
 */
export const returnedPart = async (record: MessageRecord, content: MessageContent, options: ReturnOptions): Promise<Returned> => {
  if (options.full && record.size <= options.limit) {
    const bytes = Buffer.concat([content.header, ...(await pieces(content))]);
    const whole = returnedAs(bytes, true);
    if (whole.isSevenBit || (options.eightBit && !whole.hasLongLines)) return whole;
  }
  return returnedAs(cutAtLine(content.header, options.limit), false);
};

const LONGEST_LINE = 998;

const returnedAs = (bytes: Buffer, whole: boolean): Returned => {
  const hasLongLines = isLongLined(bytes);
  return { bytes, whole, hasLongLines, isSevenBit: !hasLongLines && isAscii(bytes) };
};

const isLongLined = (bytes: Buffer): boolean => {
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf('\r\n', start);
    if ((end < 0 ? bytes.length : end) - start > LONGEST_LINE) return true;
    start = end < 0 ? bytes.length : end + 2;
  }
  return false;
};

const pieces = async ({ body }: MessageContent): Promise<readonly Buffer[]> => {
  const all: Buffer[] = [];
  for await (const piece of bodyPieces(body)) all.push(Buffer.from(piece));
  return all;
};

const cutAtLine = (header: Buffer, limit: number): Buffer =>
  header.length <= limit ? header : header.subarray(0, header.lastIndexOf('\n', limit) + 1);
