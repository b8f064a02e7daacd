/*
 * Reads the queue from outside: everything that all processes have written, changing nothing. A segment being
 * written ends, for the reader, at its last complete frame. If a process releases a segment while it is being
 * read, its messages have moved further on, so the folder is read again.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inTime, withFile } from '../../message/disk.ts';
import type { MessageRecord } from '../message.ts';
import { type Placed, scan } from './frame.ts';
import { isAlive, parseFolderName } from './owner.ts';
import { readRecord } from './parts.ts';
import { segmentNumbers } from './replay.ts';
import { segmentMark, segmentName } from './segment.ts';

const ATTEMPTS = 5;

export interface Surveyed {
  readonly record: MessageRecord;
  /** The running process that owns it, or `null` if none does. */
  readonly owner: string | null;
  /** Reads the header, at most `limit` bytes of it. */
  readonly header: (limit: number) => Promise<Buffer>;
}

interface Found {
  record: MessageRecord | null;
  content: { readonly file: string; readonly at: number; readonly length: number };
}

/** All messages of the queue in this folder, in order of their ids. Empty if the folder does not exist. */
export const survey = async (path: string): Promise<readonly Surveyed[]> => {
  const all: Surveyed[] = [];
  for (const name of await readdir(path).catch(() => [])) {
    const parsed = parseFolderName(name);
    if (!parsed) continue;
    const owner = (await isAlive(parsed.owner)) ? parsed.owner : null;
    for (const { record, content } of (await readStable(join(path, name), parsed.origin)).values())
      if (record) all.push({ record, owner, header: (limit) => readHeader(content, limit) });
  }
  return all.sort((a, b) => (a.record.id < b.record.id ? -1 : 1));
};

const readStable = async (folder: string, origin: string): Promise<Map<string, Found>> => {
  for (let attempt = 1; ; attempt++) {
    try {
      const before = await segmentNumbers(folder);
      const found = await readFolder(folder, origin, before);
      const after = await segmentNumbers(folder);
      if (after[0] === before[0]) return found;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
    if (attempt === ATTEMPTS) throw new Error(`${folder} changes faster than it can be read`);
  }
};

const readFolder = async (folder: string, origin: string, numbers: readonly number[]): Promise<Map<string, Found>> => {
  const found = new Map<string, Found>();
  for (const number of numbers) {
    const file = join(folder, segmentName(number));
    const bytes = await readFile(file);
    for (const part of scan(bytes, segmentMark(origin, number)))
      if (part.found === 'frame') for (const operation of part.operations) apply(found, operation, { file, bytes });
  }
  return found;
};

const apply = (found: Map<string, Found>, placed: Placed, from: { readonly file: string; readonly bytes: Buffer }): void => {
  if (placed.kind === 'remove') {
    found.delete(placed.id);
    return;
  }
  const bytes = from.bytes.subarray(placed.recordAt, placed.recordAt + placed.recordLength);
  const record = readRecord(placed.id, bytes, placed.recordSum);
  const known = found.get(placed.id);
  if (placed.kind === 'update') {
    if (known) known.record = record;
    return;
  }
  found.set(placed.id, { record, content: { file: from.file, at: placed.contentAt, length: placed.headerLength } });
};

const readHeader = (content: Found['content'], limit: number): Promise<Buffer> =>
  withFile(content.file, 'r', async (handle) => {
    const bytes = Buffer.alloc(Math.min(limit, content.length));
    await inTime(handle.read(bytes, 0, bytes.length, content.at));
    return bytes;
  });
