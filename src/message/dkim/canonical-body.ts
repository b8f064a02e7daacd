import type { Canonicalization } from './canonical-header.ts';

/*
 * Body canonicalization, RFC 6376 3.4.3 and 3.4.4, piece by piece. Empty lines are counted and held back
 * until something follows; each byte is processed once, whatever the lines look like.
 */

const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const LONE_CR = Buffer.from('\r');
const BLANK_CR = Buffer.from(' \r');
const NOTHING = Buffer.alloc(0);
const CRLF = Buffer.from('\r\n');
/** Line ends emitted at a time. */
const LINE_ENDS = Buffer.from('\r\n'.repeat(8192));

/** The canonical body, in pieces of bounded size. */
export class CanonicalBody {
  readonly #blanks: Blanks | null;
  readonly #lines = new LineEnds();

  constructor(form: Canonicalization) {
    this.#blanks = form === 'relaxed' ? new Blanks() : null;
  }

  *write(bytes: Buffer): Generator<Buffer, void> {
    yield* this.#lines.write(this.#blanks?.write(bytes) ?? bytes);
  }

  /** An empty body is one CRLF if simple, and nothing if relaxed. */
  *end(): Generator<Buffer, void> {
    if (this.#blanks) yield* this.#lines.write(this.#blanks.end());
    yield* this.#lines.end();
    if (!this.#blanks || !this.#lines.isEmpty) yield CRLF;
  }
}

/** Holds line ends back until something other than a line end follows. */
class LineEnds {
  #held = 0;
  #cr = false;
  #empty = true;

  /** Nothing but line ends so far. */
  get isEmpty(): boolean {
    return this.#empty;
  }

  *write(bytes: Buffer): Generator<Buffer, void> {
    const start = this.#hold(bytes);
    if (start === bytes.length) return;
    yield* this.#release();
    const end = this.#holdTail(bytes, start);
    if (end > start) yield bytes.subarray(start, end);
  }

  /** A bare CR is not a line end. */
  *end(): Generator<Buffer, void> {
    if (this.#cr) yield* this.#release();
  }

  /** Position of the first byte that is not part of a line end. */
  #hold(bytes: Buffer): number {
    let at = 0;
    for (; at < bytes.length; at++) {
      if (bytes[at] !== (this.#cr ? LF : CR)) break;
      if (this.#cr) this.#held += 1;
      this.#cr = !this.#cr;
    }
    return at;
  }

  #holdTail(bytes: Buffer, start: number): number {
    let end = bytes.length;
    if (bytes[end - 1] === CR) {
      this.#cr = true;
      end -= 1;
    }
    for (; end - 2 >= start && bytes[end - 2] === CR && bytes[end - 1] === LF; end -= 2) this.#held += 1;
    return end;
  }

  *#release(): Generator<Buffer, void> {
    this.#empty = false;
    for (let left = this.#held * CRLF.length; left > 0; left -= LINE_ENDS.length) yield LINE_ENDS.subarray(0, left);
    if (this.#cr) yield LONE_CR;
    this.#held = 0;
    this.#cr = false;
  }
}

/** Removes white space at line ends and collapses other white space into one space. */
class Blanks {
  #blank = false;
  #cr = false;

  /** One loop without calls, as every byte of every signed message passes through it. */
  write(bytes: Buffer): Buffer {
    const out = Buffer.allocUnsafe(bytes.length + 2);
    let [blank, cr, length] = [this.#blank, this.#cr, 0];
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (cr) {
        if (blank && byte !== LF) out[length++] = SPACE;
        out[length++] = CR;
        blank = false;
        cr = false;
      }
      if (byte === SPACE || byte === TAB) blank = true;
      else if (byte === CR) cr = true;
      else {
        if (blank) out[length++] = SPACE;
        out[length++] = byte;
        blank = false;
      }
    }
    this.#blank = blank;
    this.#cr = cr;
    return out.subarray(0, length);
  }

  /** A bare CR at the end is not a line end: it stays, and so does the white space before it. */
  end(): Buffer {
    if (!this.#cr) return NOTHING;
    this.#cr = false;
    return this.#blank ? BLANK_CR : LONE_CR;
  }
}
