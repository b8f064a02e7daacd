/*
 * A segment is one file of a journal. It is written full of zeros and synced before it is used: an append
 * then changes no metadata, so one write through O_DSYNC is one trip to the disk, and a full disk is noticed
 * when the segment is made, not when a message is being answered.
 *
 * A write that fails or falls short may have left anything behind the last good frame, and after a failed
 * sync the kernel may call pages clean that never reached the disk. So the segment takes no more: what was
 * durable stays readable, the rest is cut off, and the journal goes on in a fresh file.
 */
import { constants as flags, readSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { inTime } from '../../message/disk.ts';

const ZEROS = Buffer.alloc(1024 * 1024);

/** A file is made under this name, or an old segment gets it, until it gets its number. */
export const SPARE = 'spare';

const NAME = /^(\d{8})\.seg$/;

export const segmentName = (number: number): string => `${String(number).padStart(8, '0')}.seg`;

/** Number of the segment with this file name, or `null` if it is not a segment. */
export const segmentNumber = (name: string): number | null => {
  const digits = NAME.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
};

/** Sets the frames of this segment apart from all others. `origin` is the name the journal's folder was made with. */
export const segmentMark = (origin: string, number: number): number => crc32(`${origin}/${number}`);

/** Makes a file of `size` zeros that are on the disk. Rejects with the system's code and leaves nothing behind. */
export const preallocate = async (file: string, size: number): Promise<void> => {
  const handle = await open(file, 'w', 0o600);
  try {
    for (let at = 0; at < size; at += ZEROS.length) await writeFully(handle, ZEROS.subarray(0, Math.min(ZEROS.length, size - at)), at);
    await handle.datasync();
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
};

const writeFully = async (handle: FileHandle, bytes: Buffer, at: number): Promise<void> => {
  const { bytesWritten } = await handle.write(bytes, 0, bytes.length, at);
  if (bytesWritten === 0) throw shortWrite();
  if (bytesWritten < bytes.length) await writeFully(handle, bytes.subarray(bytesWritten), at + bytesWritten);
};

/** A short write means a full disk; the next one would fail. */
const shortWrite = (): Error => Object.assign(new Error('ENOSPC: the write fell short'), { code: 'ENOSPC' });

export class Segment {
  readonly number: number;
  readonly mark: number;
  readonly file: string;
  readonly size: number;
  /** Behind the last durable frame. */
  end: number;
  /** Records and contents of messages that stand here and are not gone. */
  references = 0;
  /** Bytes of those. */
  liveBytes = 0;
  readonly #handle: FileHandle;
  #sealed = false;
  #broken = false;

  private constructor(at: { file: string; number: number; mark: number; size: number; end: number }, handle: FileHandle) {
    this.file = at.file;
    this.number = at.number;
    this.mark = at.mark;
    this.size = at.size;
    this.end = at.end;
    this.#handle = handle;
  }

  /** Opens a file that is there; `end` is where the next frame goes. */
  static async open(at: { file: string; number: number; mark: number; end: number }): Promise<Segment> {
    const handle = await open(at.file, flags.O_RDWR | flags.O_DSYNC);
    try {
      const { size } = await handle.stat();
      return new Segment({ ...at, size }, handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get room(): number {
    return this.#sealed ? 0 : this.size - this.end;
  }

  /** A write to it has failed. */
  get isBroken(): boolean {
    return this.#broken;
  }

  /** Takes no more, from now on. */
  seal(): void {
    this.#sealed = true;
  }

  /** Resolves when the bytes are on the disk behind all others. Rejects with the system's code; the segment is then sealed. */
  async append(buffers: readonly Buffer[], length: number): Promise<void> {
    try {
      const { bytesWritten } = await this.#handle.writev([...buffers], this.end);
      if (bytesWritten !== length) throw shortWrite();
      this.end += length;
    } catch (error) {
      this.#sealed = true;
      this.#broken = true;
      await this.#cut();
      throw error;
    }
  }

  /** Best effort: if the disk refuses this too, frames that were never acknowledged may come back after a crash, at worst as duplicates. */
  async #cut(): Promise<void> {
    try {
      await this.#handle.truncate(this.end);
      await this.#handle.sync();
    } catch {
      // Told by the error of the append.
    }
  }

  /** Small and from the page cache as a rule. */
  readNow(at: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    const got = readSync(this.#handle.fd, bytes, 0, length, at);
    return got === length ? bytes : bytes.subarray(0, got);
  }

  async read(at: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    const { bytesRead } = await inTime(this.#handle.read(bytes, 0, length, at));
    return bytesRead === length ? bytes : bytes.subarray(0, bytesRead);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** Closes every one of them, whatever closing another brings; then rejects with the first failure. */
export const closeAll = async (files: Iterable<{ close(): Promise<void> }>): Promise<void> => {
  const closings = await Promise.allSettled([...files].map((file) => file.close()));
  for (const closing of closings) if (closing.status === 'rejected') throw closing.reason;
};
