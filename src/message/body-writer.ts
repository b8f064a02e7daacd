import type { BodyRef } from './body-ref.ts';
import { inTime } from './disk.ts';
import { GrowingBytes } from './growing.ts';

/** A body being written to a store. Calls are sequential, except `discard`. */
export interface BodySink {
  /** Appends bytes, which must not change until it resolves. Rejects with the store's code. */
  append(bytes: Buffer): Promise<void>;
  /** Resolves once the whole body is durable. */
  finish(): Promise<BodyRef>;
  /** Discards everything written; may be called while another call is pending, and after `finish`. */
  discard(): Promise<void>;
}

/** Where large bodies are stored as they arrive. */
export interface BodyStorage {
  newBody(): Promise<BodySink>;
}

/** Bytes that may be buffered while the disk writes. */
const WAITING = 256 * 1024;

/**
 * Writes a body to its store, one write at a time; data that arrives meanwhile is written together next. Two buffers
 * alternate, one filling while the other is written, so a body of any size creates no garbage. `write` returns a
 * promise once too much is buffered. The first failure is kept: from then on bytes are dropped, and `finish` rejects
 * with it. A store that does not respond in time counts as failed: we stop waiting, and anything it returns later is
 * cleaned up.
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

  /** Copies the bytes. If it returns a promise, wait for it before writing more; it never rejects. */
  write(bytes: Buffer): Promise<void> | undefined {
    if (this.#failure) return undefined;
    this.#waiting.append(bytes);
    this.#running ??= this.#drain();
    return this.#waiting.length > WAITING ? this.#running : undefined;
  }

  /** Resolves once the body is durable. Rejects with the store's code (ENOSPC, EIO); then nothing is kept. */
  async finish(): Promise<BodyRef> {
    await this.#running;
    const sink = this.#sink;
    const body = !this.#failure && sink ? await this.#attempt(() => inTime(sink.finish())) : undefined;
    if (body && !this.#failure) return body;
    await this.discard();
    throw this.#failure ?? new Error('the body was discarded');
  }

  /** Discards the body; may be called at any time. Never rejects, since no caller could do anything about it. */
  async discard(): Promise<void> {
    this.#failure ??= new Error('the body was discarded');
    await this.#running;
    const sink = this.#sink;
    this.#sink = null;
    if (sink) await this.#attempt(() => inTime(sink.discard()));
  }

  /** Nothing may be awaited between the last check for buffered data and the end: `write` would rely on a run that is over. */
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
    // An abandoned write may still read from the buffer.
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
