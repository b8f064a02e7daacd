import { type Described, describe } from './described.ts';

/*
 * Splits a message as it arrives into the header and content of each part and the text around the parts. All bytes are
 * passed on in order, so that concatenating them yields the same message. The line end before a delimiter line belongs
 * to the delimiter (RFC 2046 5.1.1), not to the content.
 */

/** A part as seen by the listener. Parts are numbered from 0, in order. */
export interface WalkedPart extends Described {
  readonly index: number;
  /** The message itself, or a nested one. */
  readonly isMessage: boolean;
  /** It is inside a multipart/signed. */
  readonly isSigned: boolean;
}

export interface PartListener {
  /** The whole header, with the empty line below it if there is one. */
  header(raw: Buffer, part: WalkedPart): void;
  /** Content of the latest leaf. */
  content(bytes: Buffer): void;
  /** The content is complete. */
  contentEnd(): void;
  /** A delimiter line, or text before the first or after the last part of a multipart. */
  around(bytes: Buffer): void;
}

/** Why a message is not split. */
export class TooComplex extends Error {}

/** Limits on nesting, parts and header size, beyond any legitimate message. */
const DEPTH = 100;
const PARTS = 10_000;
const HEADER = 1024 * 1024;

/** Longer than any delimiter line: longer lines are passed on in pieces. */
const LINE = 4096;

const LF = 0x0a;
const CR = 0x0d;
const BREAK = Buffer.from('\r\n');
const DASH = 0x2d;

interface Frame {
  readonly delimiter: Buffer;
  readonly isDigest: boolean;
  readonly isSigned: boolean;
  /** It has had a part. */
  isOpened: boolean;
}

export class PartWalker {
  readonly #listener: PartListener;
  readonly #frames: Frame[] = [];
  #state: 'header' | 'content' | 'around' = 'header';
  #header: Buffer[] = [];
  #headerLength = 0;
  #inMessage = false;
  #parts = 0;
  #rest: Buffer = Buffer.alloc(0);
  #atLineStart = true;
  /** A line end that may belong to the next line. */
  #heldBreak = false;
  #unopened = 0;

  constructor(listener: PartListener) {
    this.#listener = listener;
  }

  /** Multiparts without any part so far: some readers show their content as text. */
  get unopened(): number {
    return this.#unopened;
  }

  /** Reads bytes without keeping them. Throws `TooComplex`. */
  write(bytes: Buffer): void {
    let rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    for (let end = rest.indexOf(LF); end >= 0; end = rest.indexOf(LF)) {
      this.#line(rest.subarray(0, end + 1));
      this.#atLineStart = true;
      rest = rest.subarray(end + 1);
    }
    if (rest.length > LINE) rest = this.#longLine(rest);
    this.#rest = Buffer.from(rest);
  }

  end(): void {
    if (this.#rest.length > 0) this.#line(this.#rest);
    this.#rest = Buffer.alloc(0);
    if (this.#state === 'header' && this.#headerLength > 0) this.#headerEnds();
    if (this.#state === 'content') this.#contentEnds(true);
  }

  /** A CR at the end is held back for a line feed that may follow. */
  #longLine(bytes: Buffer): Buffer {
    const end = bytes[bytes.length - 1] === CR ? bytes.length - 1 : bytes.length;
    this.#line(bytes.subarray(0, end));
    this.#atLineStart = false;
    return bytes.subarray(end);
  }

  #line(bytes: Buffer): void {
    const frame = this.#atLineStart && bytes[0] === DASH && bytes[1] === DASH ? this.#frameOf(bytes) : -1;
    if (frame >= 0) this.#delimiter(bytes, frame);
    else if (this.#state === 'header') this.#headerLine(bytes);
    else if (this.#state === 'around') this.#listener.around(bytes);
    else this.#contentLine(bytes);
  }

  /** The innermost multipart that the line belongs to, or -1. */
  #frameOf(line: Buffer): number {
    return this.#frames.findLastIndex(({ delimiter }) => {
      if (!line.subarray(0, delimiter.length).equals(delimiter)) return false;
      return /^(?:--)?[ \t]*\r?\n?$/.test(line.toString('latin1', delimiter.length));
    });
  }

  #delimiter(line: Buffer, index: number): void {
    const frame = this.#frames[index];
    if (this.#state === 'header') this.#headerEnds();
    if (this.#state === 'content') this.#contentEnds(false);
    const isLast = frame !== undefined && line.subarray(frame.delimiter.length, frame.delimiter.length + 2).toString('latin1') === '--';
    if (frame !== undefined && !frame.isOpened && !isLast) {
      frame.isOpened = true;
      this.#unopened--;
    }
    this.#frames.length = isLast ? index : index + 1;
    if (this.#heldBreak) this.#listener.around(BREAK);
    this.#heldBreak = false;
    this.#listener.around(line);
    this.#state = isLast ? 'around' : 'header';
    this.#inMessage = false;
  }

  #headerLine(line: Buffer): void {
    this.#header.push(Buffer.from(line));
    this.#headerLength += line.length;
    if (this.#headerLength > HEADER) throw new TooComplex('the header of a part is too large');
    if (this.#atLineStart && (line[0] === LF || (line[0] === CR && line[1] === LF))) this.#headerEnds();
  }

  #headerEnds(): void {
    const raw = Buffer.concat(this.#header);
    this.#header = [];
    this.#headerLength = 0;
    const inner = this.#frames.at(-1);
    const described = describe(raw, inner?.isDigest === true && !this.#inMessage);
    const isMessage = this.#inMessage || this.#parts === 0;
    const part = { ...described, index: this.#parts++, isMessage, isSigned: inner?.isSigned === true };
    if (this.#parts > PARTS) throw new TooComplex(`more than ${PARTS} parts`);
    this.#listener.header(raw, part);
    this.#inMessage = described.kind === 'message';
    this.#state = ({ leaf: 'content', multipart: 'around', message: 'header' } as const)[described.kind];
    if (described.kind === 'multipart') this.#open(part);
  }

  #open({ type, boundary, isSigned }: WalkedPart): void {
    if (this.#frames.length >= DEPTH) throw new TooComplex(`multiparts nested deeper than ${DEPTH}`);
    this.#frames.push({
      delimiter: Buffer.from(`--${boundary}`, 'latin1'),
      isDigest: type === 'multipart/digest',
      isSigned: isSigned || type === 'multipart/signed',
      isOpened: false,
    });
    this.#unopened++;
  }

  #contentLine(line: Buffer): void {
    if (this.#heldBreak) this.#listener.content(BREAK);
    this.#heldBreak = line.length >= 2 && line[line.length - 2] === CR && line[line.length - 1] === LF;
    const content = this.#heldBreak ? line.subarray(0, -2) : line;
    if (content.length > 0) this.#listener.content(content);
  }

  #contentEnds(isMessageEnd: boolean): void {
    if (isMessageEnd && this.#heldBreak) {
      this.#listener.content(BREAK);
      this.#heldBreak = false;
    }
    this.#listener.contentEnd();
    this.#state = 'around';
  }
}
