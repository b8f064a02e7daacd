import { type PlainRuns, plainRuns, STRETCH } from './plain-run.ts';

const CR = 13;
const LF = 10;
const DOT = 46;

/** Why the bytes of a message are refused: they could mean another message to the next hop. */
export type ByteFault = 'bare carriage return' | 'bare line feed' | 'NUL';

/** Part of a message with its dots unstuffed, and where in the chunk the final dot's line ended; -1 if it has not. */
export interface MessagePart {
  readonly content: Buffer;
  readonly end: number;
}

/** Separates the bytes of a message from the input. */
export interface ContentReader {
  readonly fault: ByteFault | null;
  /** `bytes` may be overwritten and become part of the result. */
  push(bytes: Buffer): MessagePart;
}

/** Where in a line the last byte was. */
const place = { lineStart: 0, inside: 1, afterCr: 2, afterDot: 3, afterDotCr: 4 } as const;
type Place = (typeof place)[keyof typeof place];

/** Where plain bytes end, by the last of them. */
const placeBehind = (byte: number | undefined): Place => {
  if (byte === CR) return place.afterCr;
  return byte === LF ? place.lineStart : place.inside;
};

/**
 * Reads a message as it arrives after 354 (RFC 5321 4.5.2): unstuffs dots, finds the end, and notes bytes
 * that no message may contain. Bytes that nothing has to be done about, nearly all, are skipped by `plainRuns`; the others
 * are read one by one. The result is written over the chunk itself, so that a message of nothing but dots is nearly
 * as fast as any other. Only CR LF `.` CR LF ends it: any other kind of line ending is a fault, and the message is
 * read on to its end.
 */
export class MessageBytes implements ContentReader {
  fault: ByteFault | null = null;
  readonly #runs: PlainRuns;
  #place: Place = place.lineStart;
  #written = 0;

  constructor(runs = plainRuns) {
    this.#runs = runs;
  }

  /** `chunk` is overwritten and becomes part of the result. */
  push(chunk: Buffer): MessagePart {
    this.#runs.open(chunk);
    this.#written = 0;
    let read = 0;
    for (let upTo = 1; read < chunk.length; upTo = Math.min(chunk.length, read + STRETCH)) {
      const end = this.#readSome(chunk, read, upTo);
      if (end >= 0) return { content: chunk.subarray(0, this.#written), end };
      read = this.#skip(chunk, upTo);
    }
    return { content: chunk.subarray(0, this.#written), end: -1 };
  }

  /** Byte by byte. @returns where the message has ended, or -1 */
  #readSome(chunk: Buffer, from: number, upTo: number): number {
    let at = this.#place;
    let written = this.#written;
    for (let read = from; read < upTo; read++) {
      const byte = chunk[read] ?? 0;
      const next = at === place.inside && byte > CR ? at : this.#step(at, byte);
      if (next === 'end') {
        this.#written = written;
        return read + 1;
      }
      if (next !== place.afterDot && next !== place.afterDotCr) chunk[written++] = byte;
      at = next;
    }
    this.#place = at;
    this.#written = written;
    return -1;
  }

  /** Takes what follows as it is, as far as it can be. @returns where to read on */
  #skip(chunk: Buffer, from: number): number {
    if (this.#place === place.afterDot || this.#place === place.afterDotCr) return from;
    const end = this.#runs.end(from - 1) + 1;
    if (end === from) return from;
    this.#place = placeBehind(chunk[end - 1]);
    if (this.#written < from) chunk.copyWithin(this.#written, from, end);
    this.#written += end - from;
    return end;
  }

  #step(at: Place, byte: number): Place | 'end' {
    if (at === place.afterDotCr && byte === LF) return 'end';
    if (at === place.afterCr && byte === LF) return place.lineStart;
    if (at === place.afterCr || at === place.afterDotCr) this.fault ??= 'bare carriage return';
    else if (byte === LF) this.fault ??= 'bare line feed';
    if (byte === 0) this.fault ??= 'NUL';
    if (byte === DOT && at === place.lineStart) return place.afterDot;
    if (byte === CR) return at === place.afterDot ? place.afterDotCr : place.afterCr;
    return place.inside;
  }
}
