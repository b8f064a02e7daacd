/*
 * What the relay remembers between sessions: counts of limits, the greylist and failed logins. One process owns it. It decides in
 * memory, and answers when the changed row has been handed to the system, so that killing the process loses no
 * answer that was given. A power cut loses what the system had not written yet, half a minute as a rule. A disk
 * that fails or does not answer keeps nobody waiting: counting goes on in memory.
 */
import { randomInt } from 'node:crypto';
import { readFolder } from './files.ts';
import type { Recorded } from './frame.ts';
import { Journal } from './journal.ts';
import { Memory } from './memory.ts';
import type { LedgerRequest } from './request.ts';
import { NOWHERE } from './rows.ts';

/** What the log should say. */
export type LedgerEvent =
  | { readonly event: 'failed'; readonly error: unknown }
  | { readonly event: 'recovered' }
  /** `bytes` of the files were not as they were written, and are left out. */
  | { readonly event: 'damaged'; readonly bytes: number }
  /** Files of a version that kept them otherwise were removed, unread. */
  | { readonly event: 'former files' }
  /** `evicted` entries had to go before their time, since the last event of this kind. */
  | { readonly event: 'full'; readonly evicted: number; readonly entries: number };

export interface LedgerStatus {
  readonly entries: number;
  /** Entries dropped for want of room since the start. */
  readonly evicted: number;
}

export interface LedgerOptions {
  /** A folder; made if it is not there. */
  readonly path: string;
  /** Bytes of memory; files take three times as many at most. 32 MiB, some 570,000 entries, if not given. */
  readonly bytes?: number;
  /** Milliseconds between looks at the disk and at what has expired; a second if not given. */
  readonly tick?: number;
  readonly now: () => number;
  readonly report: (event: LedgerEvent) => void;
}

const DEFAULT_BYTES = 32 * 1024 * 1024;

/** An alarm that lasts is repeated this often, in milliseconds. */
const ALARM_EVERY = 600_000;

export class Ledger {
  readonly #memory: Memory;
  readonly #journal: Journal;
  readonly #now: () => number;
  readonly #report: (event: LedgerEvent) => void;
  readonly #timer: NodeJS.Timeout;
  #reported = { evicted: 0, at: Number.NEGATIVE_INFINITY };

  /** Reads what is there. Rejects with the system's code if the folder cannot be made or read. */
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

  /** True: the limit is used up, and nothing was counted; or the key must still wait; or the login is known. Never rejects. */
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
