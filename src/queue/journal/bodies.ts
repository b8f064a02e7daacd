/*
 * Large bodies stand in files of their own beside the segments: streamed there while they arrive, never
 * copied. The journal's step that names the file comes after the file and its name are on the disk, and the
 * file is removed after the removal of the message is: a crash in between leaves a file nobody names, which
 * the next owner of the folder removes. Nobody else writes there.
 */
import { randomBytes } from 'node:crypto';
import { type FileHandle, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { bodyPieces } from '../../message/body.ts';
import { createFileSink, type FileSink } from '../../message/body-file.ts';
import type { FileBody } from '../../message/body-ref.ts';
import { inTime, withFile } from '../../message/disk.ts';
import type { BodyRef } from '../message.ts';
import { SharedFolderSync } from './folder.ts';

const CHUNK = 256 * 1024;

/** What the journal keeps of a body in a file. */
export interface BodyDescriptor {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
  readonly sum: number;
}

const isDescriptor = (value: unknown): value is BodyDescriptor =>
  typeof value === 'object' &&
  value !== null &&
  'file' in value &&
  typeof value.file === 'string' &&
  'offset' in value &&
  typeof value.offset === 'number' &&
  'length' in value &&
  typeof value.length === 'number' &&
  'sum' in value &&
  typeof value.sum === 'number';

/** The descriptor in these bytes, which have passed their checksum. Throws on anything else. */
export const readDescriptor = (bytes: Buffer): BodyDescriptor => {
  const value: unknown = JSON.parse(bytes.toString());
  if (!isDescriptor(value) || basename(value.file) !== value.file) throw new Error('not the description of a body file');
  return value;
};

/** The file ends before the body does. */
class ShortFile extends Error {}

const missing = (error: unknown): null => {
  if (error instanceof ShortFile) return null;
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
};

export class Bodies {
  readonly folder: string;
  readonly #names: SharedFolderSync;

  constructor(journalFolder: string) {
    this.folder = join(journalFolder, 'bodies');
    this.#names = new SharedFolderSync(this.folder);
  }

  create(): Promise<FileSink> {
    return createFileSink(this.#fresh(), (file) => this.remove(file));
  }

  #fresh(): string {
    return join(this.folder, randomBytes(12).toString('hex'));
  }

  /** The body in a file of this store. */
  async inFile(body: BodyRef): Promise<FileBody> {
    if (body.kind === 'file') return body;
    const sink = await this.create();
    try {
      for await (const piece of bodyPieces(body)) await inTime(sink.append(piece));
      return await inTime(sink.finish());
    } catch (error) {
      await sink.discard();
      throw error;
    }
  }

  /** The file is in this folder, bytes and name are on the disk; gives what the journal is to keep. Rejects as the system says, or if the file is shorter than it should be. */
  async take(body: FileBody): Promise<BodyDescriptor> {
    const file = await this.#own(body.file);
    if (body.sum !== undefined) {
      await inTime(this.#names.sync());
      return { file: basename(file), offset: body.offset, length: body.length, sum: body.sum };
    }
    return withFile(file, 'r', async (handle) => {
      const sum = await checksum(handle, body);
      await inTime(handle.datasync());
      await inTime(this.#names.sync());
      return { file: basename(file), offset: body.offset, length: body.length, sum };
    });
  }

  /** A body that arrived in another folder of the store moves here. */
  async #own(file: string): Promise<string> {
    if (dirname(file) === this.folder) return file;
    const here = join(this.folder, basename(file));
    await inTime(rename(file, here));
    return here;
  }

  /** The body as others read it; `null` if the file is gone or does not fit its checksum. Rejects if the disk will not give it: that tells nothing about the body. */
  async find(descriptor: BodyDescriptor): Promise<FileBody | null> {
    const { file, offset, length, sum } = descriptor;
    const body: FileBody = { kind: 'file', file: join(this.folder, file), offset, length };
    const found = await withFile(body.file, 'r', (handle) => checksum(handle, body)).catch(missing);
    return found === sum ? body : null;
  }

  /** Never rejects: a file that cannot be removed is an orphan, and goes when the folder is taken over. */
  async remove(file: string): Promise<void> {
    await inTime(rm(join(this.folder, basename(file)), { force: true })).catch(() => {});
  }

  /** Removes files that no message names. Only for the owner of the folder, before anything arrives in it. */
  async removeOrphans(named: ReadonlySet<string>): Promise<number> {
    const files = await readdir(this.folder).catch(() => []);
    const orphans = files.filter((file) => !named.has(file));
    for (const file of orphans) await this.remove(file);
    return orphans.length;
  }
}

const checksum = async (handle: FileHandle, body: FileBody): Promise<number> => {
  const chunk = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(1, body.length)));
  let sum = 0;
  for (let done = 0; done < body.length; ) {
    const { bytesRead } = await inTime(handle.read(chunk, 0, Math.min(chunk.length, body.length - done), body.offset + done));
    if (bytesRead === 0) throw new ShortFile(`body file ends after ${done} of ${body.length} bytes`);
    sum = crc32(chunk.subarray(0, bytesRead), sum);
    done += bytesRead;
  }
  return sum;
};
