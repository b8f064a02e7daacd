/*
 * A journal is a sequence of frames; a frame is what becomes durable in one step, all or nothing.
 *
 *   frame   magic, mark of the segment, operations, bytes after this head, checksum of the table, checksum of the head
 *   table   one row per operation: kind, state, lengths of id, record, header and body, checksum of id and
 *           record, checksum of header and body
 *   parts   of each operation: id, record, header, body; then zeros up to a multiple of 8
 *
 * Every byte is covered by exactly one checksum, so a record can be read and trusted without its content. The
 * mark is different for every segment ever written: it distinguishes current frames from those of the file's
 * previous use, and from bytes in a message that look like a frame.
 */
import { crc32 } from 'node:zlib';
import type { MessageRecord } from '../message.ts';

const MAGIC = 0x31594c52;
const HEAD = 24;
const ROW = 24;
const ALIGN = 8;

/** A small frame is copied into one buffer: cheaper than passing its parts to the kernel one by one. */
const COPIED = 16 * 1024;

const KINDS = ['put', 'put-file', 'update', 'remove'] as const;
const STATES = ['queued', 'held', 'quarantined'] as const;

type OperationKind = (typeof KINDS)[number];

/** An operation to be written. `body` of `put-file` describes the file. The buffers must not change until they are written. */
export interface Operation {
  readonly kind: OperationKind;
  readonly id: string;
  readonly state: MessageRecord['state'];
  readonly record: Buffer;
  readonly header: Buffer;
  readonly body: Buffer;
}

/** Where an operation's parts are in its segment, in bytes from the start of the file. */
export interface Placed {
  readonly kind: OperationKind;
  readonly id: string;
  readonly state: MessageRecord['state'];
  readonly recordAt: number;
  readonly recordLength: number;
  readonly recordSum: number;
  readonly contentAt: number;
  readonly headerLength: number;
  readonly bodyLength: number;
  readonly contentSum: number;
}

/** Valid frames, and stretches that should be frames but are not. */
export type Scanned =
  | { readonly found: 'frame'; readonly operations: readonly Placed[]; readonly end: number }
  | { readonly found: 'damage'; readonly at: number; readonly end: number };

const EMPTY = Buffer.alloc(0);
const padding = (length: number): number => (ALIGN - (length % ALIGN)) % ALIGN;

/** `zlib.crc32` loses the running sum when a buffer is empty and has no memory behind it. */
const sumOn = (bytes: Buffer, before: number): number => (bytes.length === 0 ? before : crc32(bytes, before));

/** Checksum over an id and its record, as stored in a table row. */
export const recordSum = (id: Buffer, record: Buffer): number => sumOn(record, crc32(id));

/** Checksum over header and body. */
const contentSum = (header: Buffer, body: Buffer): number => sumOn(body, crc32(header));

/** A frame ready to be written to any segment at any position. */
export interface Frame {
  readonly length: number;
  /** The bytes for this segment, and the position of each operation's parts in the file. */
  place(mark: number, at: number): { readonly buffers: readonly Buffer[]; readonly operations: readonly Placed[] };
}

/** Builds the frame for one step of the journal. */
export const frameOf = (operations: readonly Operation[]): Frame => {
  const ids = operations.map((operation) => Buffer.from(operation.id));
  const table = Buffer.alloc(HEAD + operations.length * ROW);
  const parts: Buffer[] = [];
  let length = table.length;
  operations.forEach((operation, index) => {
    const id = ids[index] ?? EMPTY;
    writeRow(table.subarray(HEAD + index * ROW), operation, id);
    for (const part of [id, operation.record, operation.header, operation.body]) if (part.length > 0) parts.push(part);
    length += id.length + operation.record.length + operation.header.length + operation.body.length;
  });
  const pad = padding(length);
  if (pad > 0) parts.push(Buffer.alloc(pad));
  length += pad;
  const buffers = length <= COPIED ? [Buffer.concat([table, ...parts], length)] : [table, ...parts];
  const head = buffers[0]?.subarray(0, table.length) ?? table;
  return {
    length,
    place: (mark, at) => {
      writeHead(head, { mark, count: operations.length, behind: length - HEAD });
      return { buffers, operations: readTable(head, at, at + head.length, (index) => operations[index]?.id ?? '') };
    },
  };
};

const writeRow = (row: Buffer, operation: Operation, id: Buffer): void => {
  row.writeUInt8(KINDS.indexOf(operation.kind), 0);
  row.writeUInt8(STATES.indexOf(operation.state), 1);
  row.writeUInt16LE(id.length, 2);
  row.writeUInt32LE(operation.record.length, 4);
  row.writeUInt32LE(recordSum(id, operation.record), 8);
  row.writeUInt32LE(operation.header.length, 12);
  row.writeUInt32LE(operation.body.length, 16);
  row.writeUInt32LE(contentSum(operation.header, operation.body), 20);
};

const writeHead = (head: Buffer, what: { mark: number; count: number; behind: number }): void => {
  head.writeUInt32LE(MAGIC, 0);
  head.writeUInt32LE(what.mark, 4);
  head.writeUInt32LE(what.count, 8);
  head.writeUInt32LE(what.behind, 12);
  head.writeUInt32LE(crc32(head.subarray(HEAD)), 16);
  head.writeUInt32LE(crc32(head.subarray(0, 20)), 20);
};

/** Reads the rows of a table whose operations' parts begin at `at`; `frame` is a view that starts with the frame's head. */
const readTable = (frame: Buffer, frameAt: number, at: number, idAt: (index: number, at: number, length: number) => string): Placed[] => {
  const placed: Placed[] = [];
  let position = at;
  const count = frame.readUInt32LE(8);
  for (let index = 0; index < count; index++) {
    const row = frame.subarray(HEAD + index * ROW);
    const idLength = row.readUInt16LE(2);
    const recordLength = row.readUInt32LE(4);
    const headerLength = row.readUInt32LE(12);
    const bodyLength = row.readUInt32LE(16);
    placed.push({
      kind: KINDS[row.readUInt8(0)] ?? 'remove',
      state: STATES[row.readUInt8(1)] ?? 'held',
      id: idAt(index, position - frameAt, idLength),
      recordAt: position + idLength,
      recordLength,
      recordSum: row.readUInt32LE(8),
      contentAt: position + idLength + recordLength,
      headerLength,
      bodyLength,
      contentSum: row.readUInt32LE(20),
    });
    position += idLength + recordLength + headerLength + bodyLength;
  }
  return placed;
};

/** Length of the frame whose head is at `at`, or 0 if there is no head of this segment. */
const headAt = (bytes: Buffer, mark: number, at: number): number => {
  if (at + HEAD > bytes.length || bytes.readUInt32LE(at) !== MAGIC || bytes.readUInt32LE(at + 4) !== mark) return 0;
  if (bytes.readUInt32LE(at + 20) !== crc32(bytes.subarray(at, at + 20))) return 0;
  const length = HEAD + bytes.readUInt32LE(at + 12);
  return at + length > bytes.length || bytes.readUInt32LE(at + 8) * ROW > length ? 0 : length;
};

/** The operations of the frame at `at` if all its checksums match, otherwise `null`. */
const operationsAt = (bytes: Buffer, at: number, length: number): readonly Placed[] | null => {
  const frame = bytes.subarray(at, at + length);
  const table = HEAD + frame.readUInt32LE(8) * ROW;
  if (frame.readUInt32LE(16) !== crc32(frame.subarray(HEAD, table))) return null;
  const operations = readTable(frame, at, at + table, (_index, start, size) => frame.toString('utf8', start, start + size));
  return operations.every((operation) => fits(bytes, operation)) ? operations : null;
};

const fits = (bytes: Buffer, operation: Placed): boolean => {
  const idAt = operation.recordAt - Buffer.byteLength(operation.id);
  const end = operation.contentAt + operation.headerLength + operation.bodyLength;
  return (
    end <= bytes.length &&
    crc32(bytes.subarray(idAt, operation.contentAt)) === operation.recordSum &&
    crc32(bytes.subarray(operation.contentAt, end)) === operation.contentSum
  );
};

/**
 * Reads a whole segment. Data that fails its checksum is damage if its head belongs to this segment or if a
 * good frame follows; after the last good frame there are only zeros and frames of the file's previous use.
 */
export function* scan(bytes: Buffer, mark: number): Generator<Scanned> {
  let at = 0;
  while (at < bytes.length) {
    const length = headAt(bytes, mark, at);
    const operations = length > 0 ? operationsAt(bytes, at, length) : null;
    if (operations) {
      yield { found: 'frame', operations, end: at + length };
      at += length;
      continue;
    }
    const end = length > 0 ? at + length : nextHead(bytes, mark, at + ALIGN);
    if (end < 0) return;
    yield { found: 'damage', at, end };
    at = end;
  }
}

const nextHead = (bytes: Buffer, mark: number, from: number): number => {
  const magic = Buffer.alloc(8);
  magic.writeUInt32LE(MAGIC, 0);
  magic.writeUInt32LE(mark, 4);
  for (let at = bytes.indexOf(magic, from); at >= 0; at = bytes.indexOf(magic, at + 1))
    if (at % ALIGN === 0 && headAt(bytes, mark, at) > 0) return at;
  return -1;
};
