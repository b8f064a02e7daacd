import { crc32 } from 'node:zlib';
import type { MessageRecord } from '../message.ts';
import type { NewMessage } from '../store.ts';
import type { Bodies } from './bodies.ts';
import { type Operation, recordSum } from './frame.ts';

/** Larger bodies are kept in files of their own. */
const INLINE_LIMIT = 1024 * 1024;

export interface Part {
  readonly bytes: Buffer;
}

const NOTHING = Buffer.alloc(0);

export const sumFits = (bytes: Buffer, sum: number): boolean => crc32(bytes) === sum;

/** Records are stored as JSON, so that people can read those that were set aside. */
const recordBytes = (record: MessageRecord): Buffer => Buffer.from(JSON.stringify(record));

/** The bytes have passed the checksum of `recordBytes`, so their shape is what was written. */
const isRecord = (value: unknown, id: string): value is MessageRecord =>
  typeof value === 'object' &&
  value !== null &&
  'id' in value &&
  value.id === id &&
  'recipients' in value &&
  Array.isArray(value.recipients);

/** `null` if the bytes fail their checksum. */
export const readRecord = (id: string, bytes: Buffer, sum: number): MessageRecord | null => {
  if (recordSum(Buffer.from(id), bytes) !== sum) return null;
  const value: unknown = JSON.parse(bytes.toString());
  return isRecord(value, id) ? value : null;
};

/** Writes a new state of the record; the content stays where it is. */
export const updateRecord = (record: MessageRecord): Operation => ({
  kind: 'update',
  id: record.id,
  state: record.state,
  record: recordBytes(record),
  header: NOTHING,
  body: NOTHING,
});

/** The operation that adds a message; without a promise if its body is small. */
export const putMessage = (bodies: Bodies, message: NewMessage): Operation | Promise<Operation> => {
  const { record, content } = message;
  if (content.body.kind === 'inline' && content.body.bytes.length <= INLINE_LIMIT) {
    const { id, state } = record;
    return { kind: 'put', id, state, record: recordBytes(record), header: content.header, body: content.body.bytes };
  }
  return putWithFile(bodies, message);
};

const putWithFile = async (bodies: Bodies, { record, content }: NewMessage): Promise<Operation> => {
  const body = Buffer.from(JSON.stringify(await bodies.take(await bodies.inFile(content.body))));
  return { kind: 'put-file', id: record.id, state: record.state, record: recordBytes(record), header: content.header, body };
};
