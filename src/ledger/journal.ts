/*
 * Where changed rows are written, one behind the other. Those that change while the disk is busy go out together.
 * When the file has become much longer than its rows are, a new one is begun and all rows are written to it, some
 * behind each write; then the old one goes. When the disk fails, rows stay in memory, and once a new file can be
 * begun all of them are written again.
 */
import { type FileHandle, open, rm } from 'node:fs/promises';
import { fileOf } from './files.ts';
import { FrameBuilder, header, RECORD_BYTES, type Recorded } from './frame.ts';

/** Milliseconds. */
const CLOSING = 1_000;

/** Ticks from a failure to the next try. */
const RETRY = 5;

/** Bytes that may wait while the disk does not answer. */
const MOST_WAITING = 4 * 1024 * 1024;

/** Bytes that a file may have beyond twice its rows. */
const SLACK = 1024 * 1024;

/** Rows that go into a new file behind one write. */
const SLICE = 2_000;

const fallenShort = (): Error => Object.assign(new Error('ENOSPC: the write fell short'), { code: 'ENOSPC' });

/** All rows there are. */
export interface RowSource {
  readonly size: number;
  /** Rows are numbered below this. */
  readonly end: number;
  /** `null`: no row has this number. */
  readonly recorded: (number: number) => Recorded | null;
}

export interface JournalOptions {
  readonly folder: string;
  readonly salt: number;
  readonly rows: RowSource;
  /** Numbers of the files that are there, in order. */
  readonly numbers: readonly number[];
  /** Told once when rows can no longer be written. */
  readonly onFailed: (error: unknown) => void;
  /** Told when they can be again. */
  readonly onRecovered: () => void;
}

export class Journal {
  readonly #options: JournalOptions;
  #handle: FileHandle | null = null;
  #number: number;
  #length = 0;
  /** Numbers of files that go once everything is in the present one. */
  #former: readonly number[];
  #builder = new FrameBuilder();
  #waiting: (() => void)[] = [];
  /** Writes so far, and how many there were at the last tick if one was under way. */
  #writes = 0;
  #busyAt: number | null = null;
  /** The present write has taken more than a whole tick, in which its end would have been noticed: nobody waits for it. */
  #slow = false;
  #pumping: Promise<void> | null = null;
  /** Files of before are being removed. */
  #replacing: Promise<void> = Promise.resolve();
  /** Next of the rows that go into a new file; `null`: they are all there. */
  #next: number | null = 0;
  /** All rows are in the present file. */
  #complete = false;
  /** Ticks since the last failure; `null`: none, or all is well again. */
  #sinceFailure: number | null = null;
  #closed = false;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#former = options.numbers;
    this.#number = options.numbers.at(-1) ?? 0;
  }

  /** Takes a changed row. The promise resolves when it has been written; `null`: it is not worth waiting. */
  append(recorded: Recorded): Promise<void> | null {
    if (this.#closed || (this.#sinceFailure !== null && this.#next === null)) return null;
    this.#builder.put(recorded);
    if (this.#sinceFailure !== null || this.#slow) return null;
    const written = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.run();
    return written;
  }

  /** Writes whatever there is to write. */
  run(): void {
    this.#pumping ??= this.#pump()
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        this.#slow = false;
        this.#pumping = null;
        if (!this.#builder.isEmpty) this.run();
      });
  }

  /** To be called at every tick. */
  tick(): void {
    this.#slow = this.#pumping !== null && this.#busyAt === this.#writes;
    this.#busyAt = this.#pumping === null ? null : this.#writes;
    if (this.#slow) this.#release();
    if (this.#slow && this.#builder.bytes > MOST_WAITING) this.#failed(new Error('the disk does not answer'));
    if (this.#sinceFailure === null || this.#closed || this.#pumping || ++this.#sinceFailure < RETRY) return;
    this.#next = 0;
    this.run();
  }

  /** Writes what is left, within a second, and lets go of the file. */
  async close(): Promise<void> {
    this.#closed = true;
    const tooLate = new Promise((resolve) => setTimeout(resolve, CLOSING).unref());
    await Promise.race([Promise.all([this.#pumping, this.#replacing]), tooLate]);
    this.#release();
    if (this.#pumping === null) await Promise.race([this.#shut(), tooLate]);
  }

  async #shut(): Promise<void> {
    await this.#handle?.datasync().catch(() => undefined);
    await this.#handle?.close().catch(() => undefined);
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #failed(error: unknown): void {
    if (this.#sinceFailure === null) this.#options.onFailed(error);
    this.#sinceFailure = 0;
    this.#builder = new FrameBuilder();
    this.#next = null;
    this.#release();
    if (!this.#complete) void this.#dropFile();
  }

  /** A file that does not hold everything is only in the way of one that will. */
  async #dropFile(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    if (handle) await rm(fileOf(this.#options.folder, this.#number), { force: true }).catch(() => undefined);
    await handle?.close().catch(() => undefined);
  }

  async #pump(): Promise<void> {
    // What else changes in this turn goes along.
    await null;
    while (!this.#builder.isEmpty || (this.#next !== null && !this.#closed)) {
      this.#slow = false;
      this.#writes++;
      if (this.#next === 0) await this.#begin();
      await this.#writeOut();
      if (this.#next === null && this.#length > 2 * this.#options.rows.size * RECORD_BYTES + SLACK) this.#next = 0;
    }
  }

  async #begin(): Promise<void> {
    const { folder, salt } = this.#options;
    const number = this.#number + 1;
    const handle = await open(fileOf(folder, number), 'w', 0o600);
    await this.#handle?.close().catch(() => undefined);
    this.#former = [...this.#former, ...(this.#handle ? [this.#number] : [])];
    [this.#handle, this.#number, this.#length, this.#complete] = [handle, number, 0, false];
    await this.#write(header(salt));
  }

  async #writeOut(): Promise<void> {
    const waiting = this.#waiting.splice(0);
    try {
      const isLast = this.#fill();
      for (const frame of this.#builder.take()) await this.#write(frame);
      if (!isLast) return;
      this.#complete = true;
      this.#replacing = this.#replaced(this.#former);
    } finally {
      for (const resolve of waiting) resolve();
    }
  }

  /** The next slice of the rows that have to be in the new file. True: it was the last. */
  #fill(): boolean {
    if (this.#next === null) return false;
    const { rows } = this.#options;
    const end = Math.min(this.#next + SLICE, rows.end);
    for (let number = this.#next; number < end; number++) {
      const recorded = rows.recorded(number);
      if (recorded) this.#builder.put(recorded);
    }
    this.#next = end < rows.end ? end : null;
    return this.#next === null;
  }

  /** Everything is in the present file: when that is on the disk, those before it go. */
  async #replaced(former: readonly number[]): Promise<void> {
    const { folder, onRecovered } = this.#options;
    try {
      await this.#handle?.datasync();
      for (const number of former) await rm(fileOf(folder, number), { force: true });
      this.#former = this.#former.filter((number) => !former.includes(number));
    } catch {
      // They are removed after the next time; what they hold is overridden.
    }
    if (this.#sinceFailure === null || this.#next !== null) return;
    this.#sinceFailure = null;
    onRecovered();
  }

  async #write(bytes: Buffer): Promise<void> {
    if (!this.#handle) throw new Error('no file is open');
    const { bytesWritten } = await this.#handle.write(bytes, 0, bytes.length, this.#length);
    if (bytesWritten !== bytes.length) throw fallenShort();
    this.#length += bytesWritten;
  }
}
