import type { BodyRef } from './body-ref.ts';
import { inTime } from './disk.ts';
import { GrowingBytes } from './growing.ts';

/** A body on its way into a store. Calls come one after the other, except `discard`. */
export interface BodySink {
  /** Adds bytes at the end; the caller leaves them alone until it resolves. Rejects with the store's code. */
  append(bytes: Buffer): Promise<void>;
  /** The whole body is durable. */
  finish(): Promise<BodyRef>;
  /** Nothing of it is kept, whatever had been written; also while another call waits, and after `finish`. */
  discard(): Promise<void>;
}

/** Where large bodies go while they arrive. */
export interface BodyStorage {
  newBody(): Promise<BodySink>;
}

/** What may wait in memory while the disk writes. */
const WAITING = 256 * 1024;

/**
 * Writes a body into its store, one write at a time: what arrives meanwhile waits and goes out together. Two buffers
 * take turns, one filling while the other is written, so a body of any size makes no garbage.
 * `write` answers with a promise once more waits than memory should hold. The first failure is kept:
 * from then on bytes are dropped, and `finish` rejects with it. A store that does not answer in time has failed: nobody
 * waits for it any longer, and what it brings later is cleared away.
 */
export class BodyWriter {
  readonly #storage: BodyStorage;
  #sink: BodySink | null = null;
  #waiting = new GrowingBytes();
  #writing = new GrowingBytes();
  #failure: Error | null = null;
  #running: Promise<void> | null = null;

  constructor(storage: BodyStorage) {
    this.#storage = storage;
  }

  /** Bytes in memory. */
  get held(): number {
    return this.#waiting.held + this.#writing.held;
  }

  /** Copies the bytes. A promise means: wait before you bring more. It never rejects. */
  write(bytes: Buffer): Promise<void> | undefined {
    if (this.#failure) return undefined;
    this.#waiting.append(bytes);
    this.#running ??= this.#drain();
    return this.#waiting.length > WAITING ? this.#running : undefined;
  }

  /** All is durable. Rejects with the store's code (ENOSPC, EIO); nothing is kept then. */
  async finish(): Promise<BodyRef> {
    await this.#running;
    const sink = this.#sink;
    const body = !this.#failure && sink ? await this.#attempt(() => inTime(sink.finish())) : undefined;
    if (body && !this.#failure) return body;
    await this.discard();
    throw this.#failure ?? new Error('the body was discarded');
  }

  /** Gives the body up, at whatever moment. Never rejects: there is nobody left who could do anything about it. */
  async discard(): Promise<void> {
    this.#failure ??= new Error('the body was discarded');
    await this.#running;
    const sink = this.#sink;
    this.#sink = null;
    if (sink) await this.#attempt(() => inTime(sink.discard()));
  }

  /** Between the last look at what waits and the end nothing may be awaited: `write` would count on a run that is over. */
  async #drain(): Promise<void> {
    await this.#attempt(async () => {
      this.#sink ??= await inTime(this.#storage.newBody(), (late) => void this.#attempt(() => late.discard()));
    });
    while (this.#sink && !this.#failure && this.#waiting.length > 0) await this.#writeWaiting(this.#sink);
    if (this.#failure) this.#waiting = new GrowingBytes();
    this.#running = null;
  }

  async #writeWaiting(sink: BodySink): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = this.#writing;
    this.#writing = batch;
    await this.#attempt(() => inTime(sink.append(batch.view())));
    // A write that was not waited for may still read from the buffer.
    if (!this.#failure) batch.clear();
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
      return undefined;
    }
  }
}
