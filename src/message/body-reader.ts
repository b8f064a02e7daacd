import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { FileBody } from './body-ref.ts';
import { abandon, inTime, openInTime } from './disk.ts';

const ignore = (): void => undefined;

/**
 * Reads a body from its file, opened at the first read. The caller closes it. A body with a checksum is held against it on the
 * way, so that it need not be read once more for that: the last bytes of one that does not fit are never handed out.
 */
export class BodyReader {
  readonly #body: FileBody;
  #file: Promise<FileHandle> | null = null;
  #read = 0;
  #sum = 0;
  #closed = false;

  constructor(body: FileBody) {
    this.#body = body;
  }

  /** Bytes still to be read. */
  get left(): number {
    return this.#body.length - this.#read;
  }

  /**
   * Fills `buffer` from its start with one read; one call at a time.
   * @returns what was read, `null` at the end of the body
   * @throws the system's error, `DiskStalled`, or an error if the file ends before the body does or does not fit its checksum
   */
  async next(buffer: Buffer): Promise<Buffer | null> {
    if (this.left === 0) return null;
    const handle = await this.#open();
    const at = this.#body.offset + this.#read;
    const { bytesRead } = await inTime(handle.read(buffer, 0, Math.min(buffer.length, this.left), at));
    if (bytesRead === 0) throw new Error(`body file ends after ${this.#read} of ${this.#body.length} bytes`);
    this.#read += bytesRead;
    return this.#checked(buffer.subarray(0, bytesRead));
  }

  #checked(piece: Buffer): Buffer {
    const { sum } = this.#body;
    if (sum === undefined) return piece;
    this.#sum = crc32(piece, this.#sum);
    if (this.left === 0 && this.#sum !== sum) throw new Error('the body file does not fit its checksum');
    return piece;
  }

  /** May be called at any time, any number of times. Does not wait: the file is closed when the disk responds. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#file?.then(abandon, ignore);
  }

  #open(): Promise<FileHandle> {
    if (this.#closed) return Promise.reject(new Error('the body is no longer read'));
    this.#file ??= openInTime(this.#body.file, 'r');
    return this.#file;
  }
}

const PIECE = 64 * 1024;

/**
 * Head and body as a stream. Node's own file streams end only when the disk has responded, and from Node 22 on
 * `pipeline` waits for that even if aborted; this one is destroyed at once.
 */
export class BodyStream extends Readable {
  readonly #reader: BodyReader;
  #head: Buffer;

  constructor(head: Buffer, body: FileBody) {
    super();
    this.#head = head;
    this.#reader = new BodyReader(body);
  }

  override _read(): void {
    const head = this.#head;
    this.#head = Buffer.alloc(0);
    if (head.length > 0) this.push(head);
    else void this.#readOn();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#reader.close();
    done(error);
  }

  async #readOn(): Promise<void> {
    try {
      const piece = await this.#reader.next(Buffer.allocUnsafeSlow(Math.min(PIECE, Math.max(1, this.#reader.left))));
      if (!this.destroyed) this.push(piece);
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
