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

/**
 * Reads a message as it arrives after 354 (RFC 5321 4.5.2): unstuffs dots, finds the end, and notes bytes
 * that no message may contain. One pass over each byte, writing the result over the chunk itself, so that a
 * message of nothing but dots is as fast as any other. Only CR LF `.` CR LF ends it: any other kind of line
 * ending is a fault, and the message is read on to its end.
 */
export class MessageBytes implements ContentReader {
  fault: ByteFault | null = null;
  #place: Place = place.lineStart;

  /** `chunk` is overwritten and becomes part of the result. */
  push(chunk: Buffer): MessagePart {
    let at: Place = this.#place;
    let written = 0;
    const length = chunk.length;
    for (let read = 0; read < length; read++) {
      const byte = chunk[read] ?? 0;
      if (at === place.inside && byte > CR) {
        if (written !== read) chunk[written] = byte;
        written++;
        continue;
      }
      const next = this.#step(at, byte);
      if (next === 'end') return { content: chunk.subarray(0, written), end: read + 1 };
      if (next !== place.afterDot && next !== place.afterDotCr) chunk[written++] = byte;
      at = next;
    }
    this.#place = at;
    return { content: chunk.subarray(0, written), end: -1 };
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
