/*
 * What the relay remembers between sessions: limit counts, the greylist and failed logins. One process owns it. It
 * decides in memory and answers once the changed row has been passed to the system, so killing the process loses no
 * answer it has given. A power failure loses what the system had not written yet, usually half a minute. A disk that
 * fails or does not respond blocks nobody: counting continues in memory.
 */
import { randomInt } from 'node:crypto';
import { readFolder } from './files.ts';
import type { Recorded } from './frame.ts';
import { Journal } from './journal.ts';
import { Memory } from './memory.ts';
import type { LedgerRequest } from './request.ts';
import { NOWHERE } from './rows.ts';

/** Events for the log. */
export type LedgerEvent =
  | { readonly event: 'failed'; readonly error: unknown }
  | { readonly event: 'recovered' }
  /** `bytes` of the files were damaged and are ignored. */
  | { readonly event: 'damaged'; readonly bytes: number }
  /** Files in the format of an older version were removed unread. */
  | { readonly event: 'former files' }
  /** `evicted` entries were dropped early since the last event of this kind. */
  | { readonly event: 'full'; readonly evicted: number; readonly entries: number };

export interface LedgerStatus {
  readonly entries: number;
  /** Entries dropped for lack of room since the start. */
  readonly evicted: number;
}

export interface LedgerOptions {
  /** The ledger's folder; created if missing. */
  readonly path: string;
  /** Bytes of memory; files take at most three times as much. 32 MiB, about 570,000 entries, if not given. */
  readonly bytes?: number;
  /** Milliseconds between checks of the disk and of expired entries; a second if not given. */
  readonly tick?: number;
  readonly now: () => number;
  readonly report: (event: LedgerEvent) => void;
}

const DEFAULT_BYTES = 32 * 1024 * 1024;

/** How often a persistent alarm is repeated, in milliseconds. */
const ALARM_EVERY = 600_000;

export class Ledger {
  readonly #memory: Memory;
  readonly #journal: Journal;
  readonly #now: () => number;
  readonly #report: (event: LedgerEvent) => void;
  readonly #timer: NodeJS.Timeout;
  #reported = { evicted: 0, at: Number.NEGATIVE_INFINITY };

  /** Reads the existing files. Rejects with the system's code if the folder cannot be created or read. */
  static async open(options: LedgerOptions): Promise<Ledger> {
    const { path, bytes = DEFAULT_BYTES, now, report } = options;
    const memory = new Memory(bytes, randomInt(2 ** 32));
    const start = now();
    const { salt, numbers, damaged, former } = await readFolder(path, (recorded) => memory.restore(recorded, start));
    memory.salt = salt ?? memory.salt;
    if (damaged > 0) report({ event: 'damaged', bytes: damaged });
    if (former) report({ event: 'former files' });
    const journal = new Journal({
      folder: path,
      salt: memory.salt,
      rows: memory,
      numbers,
      onFailed: (error) => report({ event: 'failed', error }),
      onRecovered: () => report({ event: 'recovered' }),
    });
    journal.run();
    return new Ledger(memory, journal, options);
  }

  private constructor(memory: Memory, journal: Journal, { now, report, tick = 1_000 }: LedgerOptions) {
    this.#memory = memory;
    this.#journal = journal;
    this.#now = now;
    this.#report = report;
    this.#timer = setInterval(() => this.#tick(), tick).unref();
  }

  get status(): LedgerStatus {
    return { entries: this.#memory.size, evicted: this.#memory.evicted };
  }

  /** True: the limit is used up and nothing was counted, or the key must still wait, or the login is known. Never rejects. */
  async ask(request: LedgerRequest): Promise<boolean> {
    const { held, changed } = this.#memory.decide(request, this.#now());
    const recorded: Recorded | null = changed === NOWHERE ? null : this.#memory.recorded(changed);
    if (recorded) await this.#journal.append(recorded);
    return held;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#journal.close();
  }

  #tick(): void {
    this.#memory.sweep(this.#now());
    this.#journal.tick();
    const { entries, evicted } = this.status;
    const { evicted: before, at } = this.#reported;
    if (evicted === before || performance.now() - at < ALARM_EVERY) return;
    this.#report({ event: 'full', evicted: evicted - before, entries });
    this.#reported = { evicted, at: performance.now() };
  }
}
