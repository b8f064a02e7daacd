import { conforming, type Rate } from './gcra.ts';
import { judge, type Patience } from './greylist.ts';
import { keyOf, Table } from './table.ts';

/** Milliseconds. */
const SWEEP_EVERY = 1_000;
const SNAPSHOT_EVERY = 300_000;

/** What the relay remembers between sessions, shared by all its processes and kept over a restart. */
export interface Ledger {
  /** Counts `cost` for the key of a rule; true if its share is used up, and then nothing is counted. Throws if it cannot be written: the answer is then unknown. */
  limit(request: Rate & { readonly name: string; readonly key: string }): boolean;
  /** True while the key must wait. Throws like `limit`. */
  greylist(request: Patience & { readonly name?: string; readonly key: string }): boolean;
  close(): Promise<void>;
}

export interface LedgerOptions {
  /** A folder; made if it is not there. */
  readonly path: string;
  /** Bytes claimed on the disk; 64 MiB if not given. It holds some 6,000 keys a MiB, and never shrinks. */
  readonly space?: number;
  /** Other processes of the relay have it open at the same time. */
  readonly shared?: boolean;
  readonly now: () => number;
  /** Expired keys could not be forgotten, or the snapshot not be made: for the log. */
  readonly onError: (error: unknown) => void;
}

/** Opens the ledger. Rejects with the system's code. */
export const createLedger = async (options: LedgerOptions): Promise<Ledger> =>
  new TableLedger(await Table.open(options.path, { space: options.space, shared: options.shared ?? false }), options);

class TableLedger implements Ledger {
  readonly #table: Table;
  readonly #now: () => number;
  readonly #timers: readonly NodeJS.Timeout[];

  constructor(table: Table, { now, onError }: LedgerOptions) {
    this.#table = table;
    this.#now = now;
    const sweep = async (): Promise<number> => table.sweep(now());
    this.#timers = [
      setInterval(() => sweep().catch(onError), SWEEP_EVERY).unref(),
      setInterval(() => table.snapshot(SNAPSHOT_EVERY / 2).catch(onError), SNAPSHOT_EVERY).unref(),
    ];
  }

  limit(request: Rate & { readonly name: string; readonly key: string }): boolean {
    const now = this.#now();
    return this.#table.change(keyOf('limit', request.name, request.key), (row) => {
      const next = conforming(row?.expires ?? 0, now, request);
      return next === null ? { row: null, result: true } : { row: { expires: next, first: 0, second: 0 }, result: false };
    });
  }

  greylist(request: Patience & { readonly name?: string; readonly key: string }): boolean {
    const now = this.#now();
    return this.#table.change(keyOf('greylist', request.name ?? '', request.key), (row) => {
      const known = row && row.expires >= now ? { first: row.first, passed: row.second } : null;
      const judged = judge(known, now, request);
      return { row: { expires: judged.expires, first: judged.known.first, second: judged.known.passed }, result: judged.mustWait };
    });
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#table.close();
  }
}
