import type { ByteFault, ContentReader, MessagePart } from './message-bytes.ts';

const CR = 13;
const LF = 10;
const DOT = 46;

/** `bare`: bare line feeds end the message too, as the client has ended its commands that way. */
export interface LooseEnd {
  readonly bare: boolean;
}

/**
 * Reads a message from a client that the site allows to end lines with a bare line feed, and turns each into CR LF. The
 * message ends the way the client's commands do: a client that uses CR LF there may be relaying a stranger's text, so a
 * lone dot between bare line feeds is content. It is sent dot-stuffed, so that no next hop takes it for the end either.
 */
export class LooseMessage implements ContentReader {
  fault: ByteFault | null = null;
  readonly #bare: boolean;
  /** The line so far, while it may still be the last. */
  #line = '';
  #atLineStart = true;
  #strictStart = true;
  #afterCr = false;

  constructor({ bare }: LooseEnd) {
    this.#bare = bare;
  }

  push(bytes: Buffer): MessagePart {
    const out = Buffer.allocUnsafe(2 * bytes.length + 4);
    let written = 0;
    const put = (byte: number): void => {
      out[written++] = byte;
    };
    for (let read = 0; read < bytes.length; read++)
      if (this.#take(bytes[read] ?? 0, put)) return { content: out.subarray(0, written), end: read + 1 };
    return { content: out.subarray(0, written), end: -1 };
  }

  /** True at the end of the message. */
  #take(byte: number, put: (byte: number) => void): boolean {
    if (byte === 0) this.fault ??= 'NUL';
    if (this.#afterCr && byte !== LF) this.fault ??= 'bare carriage return';
    if (byte === LF) return this.#lineEnds(put);
    if (byte === CR) this.#afterCr = true;
    else {
      this.#afterCr = false;
      this.#inLine(byte, put);
    }
    return false;
  }

  #inLine(byte: number, put: (byte: number) => void): void {
    if (this.#atLineStart && byte === DOT && this.#line === '') {
      this.#line = '.';
      return;
    }
    this.#atLineStart = false;
    this.#line = '';
    put(byte);
  }

  #lineEnds(put: (byte: number) => void): boolean {
    const strict = this.#afterCr;
    const isDot = this.#line === '.';
    if (isDot && (this.#bare || (strict && this.#strictStart))) return true;
    if (isDot) put(DOT);
    put(CR);
    put(LF);
    this.#line = '';
    this.#atLineStart = true;
    this.#strictStart = strict;
    this.#afterCr = false;
    return false;
  }
}

/** Turns bare line feeds into CR LF, even across chunk boundaries. */
export class LineFeeds {
  #afterCr = false;

  mend(bytes: Buffer): Buffer {
    const out = Buffer.allocUnsafe(2 * bytes.length);
    let written = 0;
    for (const byte of bytes) {
      if (byte === LF && !this.#afterCr) out[written++] = CR;
      out[written++] = byte;
      this.#afterCr = byte === CR;
    }
    return out.subarray(0, written);
  }
}
