import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { FileBody } from './body-ref.ts';
import type { BodySink } from './body-writer.ts';
import { abandon } from './disk.ts';

/** A body being received into a file of its own. */
export class FileSink implements BodySink {
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #remove: (file: string) => Promise<void>;
  #length = 0;
  #sum = 0;
  #underWay = 0;

  constructor(file: string, handle: FileHandle, remove: (file: string) => Promise<void>) {
    this.#file = file;
    this.#handle = handle;
    this.#remove = remove;
  }

  append(bytes: Buffer): Promise<void> {
    return this.#calling(async () => {
      await this.#write(bytes);
      this.#length += bytes.length;
      this.#sum = crc32(bytes, this.#sum);
    });
  }

  /** A nearly full disk writes only a part; retrying the rest then fails. */
  async #write(bytes: Buffer): Promise<void> {
    const { bytesWritten } = await this.#handle.write(bytes);
    if (bytesWritten < bytes.length) await this.#write(bytes.subarray(bytesWritten));
  }

  finish(): Promise<FileBody> {
    return this.#calling(async () => {
      await this.#handle.datasync();
      await this.#handle.close();
      return { kind: 'file', file: this.#file, offset: 0, length: this.#length, sum: this.#sum };
    });
  }

  /** The handle closes when the calls using it return; does not wait for a stalled disk. */
  async discard(): Promise<void> {
    if (this.#underWay > 0) abandon(this.#handle);
    else if (this.#handle.fd >= 0) await this.#handle.close();
    await this.#remove(this.#file);
  }

  async #calling<T>(call: () => Promise<T>): Promise<T> {
    this.#underWay++;
    try {
      return await call();
    } finally {
      this.#underWay--;
    }
  }
}

/** A new file, readable only by its owner. Rejects with the system's code. */
export const createFileSink = async (file: string, remove: (file: string) => Promise<void>): Promise<FileSink> =>
  new FileSink(file, await open(file, 'wx', 0o600), remove);
