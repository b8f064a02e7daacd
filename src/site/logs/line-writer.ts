/*
 * Lines on their way into a file or a pipe: gathered for a moment and written together, so that logging holds up no mail.
 * What cannot be written (a full disk, a reader that does not read) waits, up to a bound of bytes, and is tried again;
 * beyond that lines are dropped and counted. Nothing here ever throws, waits for long or ends the relay.
 */
import { closeSync, constants, mkdirSync, openSync, write, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { printable } from './printable.ts';

/** Milliseconds. */
const EVERY = 250;
/** Bytes that are written at once, and that may wait. */
const ENOUGH = 4096;
const MOST = 1024 * 1024;

export interface LineWriterOptions {
  /** A path, its folder included, or a descriptor that is open. */
  readonly to: string | number;
  /** Bytes of one write; no bound if not given. */
  readonly piece?: number;
  /** Told once when the lines can no longer be written. */
  readonly onError: (error: Error) => void;
  /** Told when they can be written again, if some were dropped meanwhile. */
  readonly onLost: (lines: number) => void;
}

/** Does not wait for the reader of a pipe. */
const opened = (to: string | number): number => {
  if (typeof to === 'number') return to;
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  return openSync(to, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK, 0o600);
};

export class LineWriter {
  readonly #options: LineWriterOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #enough: number;
  #fd: number;
  #lines: string[] = [];
  #length = 0;
  /** Taken up, and not yet written. */
  #rest: Buffer = Buffer.alloc(0);
  #busy = false;
  #failing = false;
  #dropped = 0;
  /** Descriptors to close when the write that is under way has ended. */
  readonly #old: number[] = [];

  /** Throws with the system's code if the file cannot be opened. */
  constructor(options: LineWriterOptions) {
    this.#options = options;
    this.#enough = Math.min(ENOUGH, (options.piece ?? MOST) / 2);
    this.#fd = opened(options.to);
    this.#timer = setInterval(() => this.#begin(), EVERY).unref();
  }

  /** One line of JSON, its LF included. */
  write(json: string): void {
    const line = printable(json);
    if (this.#length + line.length > MOST) {
      this.#dropped++;
      return;
    }
    this.#lines.push(line);
    this.#length += line.length;
    if (this.#length >= this.#enough && !this.#failing) this.#begin();
  }

  /** Writes what is left, now; gives up at the first refusal. */
  flush(): void {
    if (this.#busy) return;
    try {
      for (this.#takeUp(); this.#rest.length > 0; this.#takeUp()) this.#rest = this.#rest.subarray(writeSync(this.#fd, this.#rest));
    } catch {
      // Kept for the next time, if there is one.
    }
  }

  /** Reopens the file by name. Keeps the old one if that fails. */
  reopen(): void {
    if (typeof this.#options.to === 'number') return;
    this.flush();
    try {
      const fd = opened(this.#options.to);
      this.#letGo(this.#fd);
      this.#fd = fd;
    } catch (error) {
      this.#options.onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Writes what is left and lets go of the file. */
  close(): void {
    clearInterval(this.#timer);
    this.flush();
    if (typeof this.#options.to === 'string') this.#letGo(this.#fd);
  }

  #letGo(fd: number): void {
    if (this.#busy) this.#old.push(fd);
    else closeSync(fd);
  }

  /** As many whole lines as one write may take, the first in any case. */
  #takeUp(): void {
    if (this.#rest.length > 0) return;
    const piece = this.#options.piece ?? MOST;
    let [count, length] = [0, 0];
    for (const line of this.#lines) {
      if (count > 0 && length + line.length > piece) break;
      length += line.length;
      count++;
    }
    this.#rest = Buffer.from(this.#lines.splice(0, count).join(''));
    this.#length -= length;
  }

  #begin(): void {
    if (this.#busy) return;
    this.#takeUp();
    if (this.#rest.length === 0) return;
    this.#busy = true;
    write(this.#fd, this.#rest, (error, written) => this.#ended(error, written));
  }

  #ended(error: Error | null, written: number): void {
    this.#busy = false;
    for (const fd of this.#old.splice(0)) closeSync(fd);
    if (error) this.#failed(error);
    else {
      this.#rest = this.#rest.subarray(written);
      this.#well();
      if (this.#rest.length > 0 || this.#length >= this.#enough) this.#begin();
    }
  }

  #failed(error: Error): void {
    const first = !this.#failing;
    this.#failing = true;
    if (first) this.#options.onError(error);
  }

  #well(): void {
    const lost = this.#dropped;
    this.#failing = false;
    this.#dropped = 0;
    if (lost > 0) this.#options.onLost(lost);
  }
}
