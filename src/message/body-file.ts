import type { FileHandle } from 'node:fs/promises';
import { abandon, DiskStalled, inTime } from './disk.ts';

/** A fresh file in the store's own file system, open for writing. */
export interface BodyFile {
  readonly file: string;
  readonly handle: FileHandle;
}

/** Where files for large bodies come from, and how one is given up. */
export interface BodyFiles {
  bodyFile(): Promise<BodyFile>;
  discardFile(file: string): Promise<void>;
}

/** What may wait in memory while the disk writes. */
const WAITING = 256 * 1024;

/**
 * Writes a body to its file, one write at a time: what arrives meanwhile waits and goes out together.
 * `write` answers with a promise once more waits than memory should hold. The first failure is kept:
 * from then on bytes are dropped, and `finish` rejects with it. A disk that does not answer in time has failed: nobody
 * waits for it any longer, and what it brings later is cleared away.
 */
export class BodyWriter {
  readonly #files: BodyFiles;
  #open: BodyFile | null = null;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #length = 0;
  #failure: Error | null = null;
  #running: Promise<void> | null = null;

  constructor(files: BodyFiles) {
    this.#files = files;
  }

  /** Takes the bytes over. A promise means: wait before you bring more. It never rejects. */
  write(bytes: Buffer): Promise<void> | undefined {
    if (this.#failure) return undefined;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#running ??= this.#drain();
    return this.#waitingBytes > WAITING ? this.#running : undefined;
  }

  /** All is on the disk (fdatasync), the file closed. Rejects with the system's code (ENOSPC, EIO); the file is then gone. */
  async finish(): Promise<{ readonly file: string; readonly length: number }> {
    await this.#running;
    const open = this.#open;
    if (!this.#failure && open) await this.#attempt(() => inTime(open.handle.datasync()));
    await this.#close();
    if (open && !this.#failure) return { file: open.file, length: this.#length };
    await this.discard();
    throw this.#failure ?? new Error('body file was given up');
  }

  /** The file is given up, at whatever moment. Never rejects: there is nobody left who could do anything about it. */
  async discard(): Promise<void> {
    this.#failure ??= new Error('body file was given up');
    await this.#running;
    await this.#close();
    const open = this.#open;
    this.#open = null;
    if (open) await this.#attempt(() => inTime(this.#files.discardFile(open.file)));
  }

  /** Between the last look at what waits and the end nothing may be awaited: `write` would count on a run that is over. */
  async #drain(): Promise<void> {
    await this.#attempt(async () => {
      this.#open ??= await inTime(this.#files.bodyFile(), (late) => this.#giveUp(late));
    });
    while (this.#open && !this.#failure && this.#waiting.length > 0) await this.#writeWaiting(this.#open.handle);
    if (this.#failure) this.#waiting = [];
    this.#running = null;
  }

  async #writeWaiting(handle: FileHandle): Promise<void> {
    const batch = this.#waiting;
    const length = this.#waitingBytes;
    this.#waiting = [];
    this.#waitingBytes = 0;
    await this.#attempt(() => inTime(writeAll(handle, batch, length)));
    this.#length += length;
  }

  async #close(): Promise<void> {
    const open = this.#open;
    if (!open || open.handle.fd < 0) return;
    if (this.#failure instanceof DiskStalled) abandon(open.handle);
    else await this.#attempt(() => inTime(open.handle.close()));
  }

  /** A file that was opened when nobody waited for it any more. */
  #giveUp({ file, handle }: BodyFile): void {
    abandon(handle);
    void this.#attempt(() => this.#files.discardFile(file));
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
    }
  }
}

/** A disk that is nearly full writes a part and says so: the rest is tried again, and then fails. */
const writeAll = async (handle: FileHandle, batch: readonly Buffer[], length: number): Promise<void> => {
  const first = await handle.writev(batch);
  if (first.bytesWritten === length) return;
  const bytes = Buffer.concat(batch, length);
  for (let done = first.bytesWritten; done < length; ) {
    const { bytesWritten } = await handle.write(bytes, done, length - done);
    done += bytesWritten;
  }
};
