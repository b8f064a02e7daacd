import { bodyPieces } from '../body.ts';
import type { BodyRef } from '../body-ref.ts';
import { PartWalker, TooComplex } from './part-walker.ts';
import { Rewriter } from './rewriter.ts';
import { Survey } from './survey.ts';

/*
 * 8-bit messages for hosts without 8BITMIME (RFC 6152 3): parts with 8-bit bytes in quoted-printable or base64, header fields
 * with encoded-words. A message is read three times and never held in memory: to find out which parts must be encoded
 * and whether they may be, to determine the resulting size, and to send it.
 */

export interface Message {
  readonly header: Buffer;
  readonly body: BodyRef;
}

export type SevenBit =
  | { readonly possible: true; readonly content: Message; readonly size: number }
  /** `reason` for the log and the DSN. */
  | { readonly possible: false; readonly reason: string };

/** Signatures over the message as it is: encoding would break them. */
const SIGNATURES = /^(?:dkim-signature|arc-message-signature|domainkey-signature):/im;

/** Whether a header says that it, or what is below it, is signed. */
export const isSigned = (header: Buffer): boolean => SIGNATURES.test(header.toString('latin1'));

/** The message without 8-bit bytes, or why there is none. Rejects if the body cannot be read. */
export const sevenBit = async ({ header, body }: Message): Promise<SevenBit> => {
  if (isSigned(header)) return { possible: false, reason: 'it is signed (DKIM or ARC)' };
  const survey = new Survey();
  const walker = new PartWalker(survey);
  try {
    walker.write(header);
    for await (const piece of bodyPieces(body)) walker.write(piece);
    walker.end();
  } catch (error) {
    if (error instanceof TooComplex) return { possible: false, reason: error.message };
    throw error;
  }
  const reason = survey.reason ?? (walker.unopened > 0 ? 'a multipart without parts' : null);
  if (reason !== null) return { possible: false, reason };
  return rewritten({ header, body }, survey.encoded);
};

const rewritten = async ({ header, body }: Message, encoded: ReadonlySet<number>): Promise<SevenBit> => {
  const open = async function* (): AsyncGenerator<Buffer> {
    const [walker, rewriter] = begun(header, encoded);
    rewriter.take();
    for await (const piece of bodyPieces(body)) {
      walker.write(piece);
      yield rewriter.take();
    }
    walker.end();
    yield rewriter.take();
  };
  const [, first] = begun(header, encoded);
  const head = first.take();
  let length = 0;
  for await (const piece of open()) length += piece.length;
  return { possible: true, content: { header: head, body: { kind: 'stream', length, open } }, size: head.length + length };
};

/** Starts with the header already read. */
const begun = (header: Buffer, encoded: ReadonlySet<number>): readonly [PartWalker, Rewriter] => {
  const rewriter = new Rewriter(encoded);
  const walker = new PartWalker(rewriter);
  walker.write(header);
  return [walker, rewriter];
};
