/*
 * A ledger file is a header followed by frames, each written in one piece: the state of some rows at that time. Rows are
 * complete states, not differences, so a later frame overrides an earlier one, and reading twice does no harm.
 *
 *   header  magic, salt, checksum of both
 *   frame   magic, number of rows, checksum of number and rows, then the rows
 *   row     key (16 bytes), expires, first, passed (doubles), owner (16 bits)
 */
import { crc32 } from 'node:zlib';
import type { Key } from './request.ts';
import type { Row } from './rows.ts';

export const HEADER_BYTES = 12;
const FRAME_HEAD = 12;
export const RECORD_BYTES = 42;

/** Rows per frame; a head that claims more is damaged. */
const MOST_RECORDS = 4_096;

const FILE_MAGIC = 0x3147444c;
const FRAME_MAGIC = 0x314d5246;

export interface Recorded {
  readonly key: Key;
  readonly row: Row;
  readonly owner: number;
}

export const header = (salt: number): Buffer => {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeUInt32LE(FILE_MAGIC, 0);
  bytes.writeUInt32LE(salt, 4);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 8)), 8);
  return bytes;
};

/** The salt of a file; `null` if it does not start with a header. */
export const saltOf = (bytes: Buffer): number | null => {
  if (bytes.length < HEADER_BYTES || bytes.readUInt32LE(0) !== FILE_MAGIC) return null;
  return bytes.readUInt32LE(8) === crc32(bytes.subarray(0, 8)) ? bytes.readUInt32LE(4) : null;
};

const writeRecord = (bytes: Buffer, at: number, { key, row, owner }: Recorded): void => {
  bytes.writeUInt32LE(key[0], at);
  bytes.writeUInt32LE(key[1], at + 4);
  bytes.writeUInt32LE(key[2], at + 8);
  bytes.writeUInt32LE(key[3], at + 12);
  bytes.writeDoubleLE(row.expires, at + 16);
  bytes.writeDoubleLE(row.first, at + 24);
  bytes.writeDoubleLE(row.passed, at + 32);
  bytes.writeUInt16LE(owner, at + 40);
};

const readRecord = (bytes: Buffer, at: number): Recorded => ({
  key: [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at + 8), bytes.readUInt32LE(at + 12)],
  row: { expires: bytes.readDoubleLE(at + 16), first: bytes.readDoubleLE(at + 24), passed: bytes.readDoubleLE(at + 32) },
  owner: bytes.readUInt16LE(at + 40),
});

/** Collects rows into frames. */
export class FrameBuilder {
  #full: Buffer[] = [];
  #frame = Buffer.allocUnsafe(FRAME_HEAD + 16 * RECORD_BYTES);
  #end = FRAME_HEAD;

  get isEmpty(): boolean {
    return this.bytes === 0;
  }

  /** Bytes of the frames so far. */
  get bytes(): number {
    return this.#full.reduce((sum, { length }) => sum + length, this.#end === FRAME_HEAD ? 0 : this.#end);
  }

  put(recorded: Recorded): void {
    if (this.#end === FRAME_HEAD + MOST_RECORDS * RECORD_BYTES) this.#seal();
    if (this.#end + RECORD_BYTES > this.#frame.length) this.#frame = Buffer.concat([this.#frame], 2 * this.#frame.length);
    writeRecord(this.#frame, this.#end, recorded);
    this.#end += RECORD_BYTES;
  }

  /** The frames, ready to be written; then starts over. */
  take(): readonly Buffer[] {
    if (this.#end > FRAME_HEAD) this.#seal();
    const frames = this.#full;
    this.#full = [];
    return frames;
  }

  #seal(): void {
    const frame = this.#frame.subarray(0, this.#end);
    frame.writeUInt32LE(FRAME_MAGIC, 0);
    frame.writeUInt32LE((frame.length - FRAME_HEAD) / RECORD_BYTES, 4);
    frame.writeUInt32LE(crc32(frame.subarray(FRAME_HEAD), crc32(frame.subarray(4, 8))), 8);
    this.#full.push(frame);
    this.#frame = Buffer.allocUnsafe(FRAME_HEAD + 16 * RECORD_BYTES);
    this.#end = FRAME_HEAD;
  }
}

const MAGIC_BYTES = Buffer.from([0x46, 0x52, 0x4d, 0x31]);

/** Length of the frame at `at`; 0 if there is none with a valid checksum. */
const frameAt = (bytes: Buffer, at: number): number => {
  if (at + FRAME_HEAD > bytes.length || bytes.readUInt32LE(at) !== FRAME_MAGIC) return 0;
  const count = bytes.readUInt32LE(at + 4);
  const end = at + FRAME_HEAD + count * RECORD_BYTES;
  if (count === 0 || count > MOST_RECORDS || end > bytes.length) return 0;
  const sum = crc32(bytes.subarray(at + FRAME_HEAD, end), crc32(bytes.subarray(at + 4, at + 8)));
  return sum === bytes.readUInt32LE(at + 8) ? end - at : 0;
};

/** Passes the rows of all intact frames to `each` in order; returns the number of bytes outside them, not counting a torn frame at the end. */
export const readFrames = (bytes: Buffer, each: (recorded: Recorded) => void): number => {
  let [at, damaged] = [0, 0];
  while (at < bytes.length) {
    const length = frameAt(bytes, at);
    for (let row = at + FRAME_HEAD; row < at + length; row += RECORD_BYTES) each(readRecord(bytes, row));
    const next = length > 0 ? at + length : bytes.indexOf(MAGIC_BYTES, at + 1);
    if (next < 0) return damaged;
    if (length === 0) damaged += next - at;
    at = next;
  }
  return damaged;
};
