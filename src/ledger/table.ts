/*
 * One small table in lmdb that all processes of the relay share: 16 bytes of key, three numbers. A change is
 * one transaction, atomic across processes, and not lost when a process dies. In a relay of one process it is
 * not synced and takes some 10 us. Where several share the file its data is, some 130 us: without any sync
 * lmdb 3.5 may lose its tree when one process opens the file while another writes (8 times in 60, four
 * processes beginning at once). Even so a change may be lost at that moment (one in 45 such beginnings): a
 * limit may let one more through, once. A power cut may tear the file, so it bears the name of the boot it was
 * made in and is not believed in another one: that starts from the last snapshot, which is synced.
 *
 * The space of the file is claimed when it is made and the number of keys is bounded, for lmdb 3.5 writes
 * behind its buffers when a page cannot be written: on a full disk that must not happen.
 */
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, open as openFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';

export interface Row {
  /** Epoch milliseconds. */
  readonly expires: number;
  readonly first: number;
  readonly second: number;
}

const MIB = 1024 * 1024;
const SPACE = 64 * MIB;
const KEYS_A_MIB = 6_250;
const SNAPSHOT = 'snapshot.mdb';
const SWEEP = 2_000;

/** Told apart by kind, rule and key, whatever bytes they hold. */
export const keyOf = (...parts: readonly string[]): Buffer => createHash('sha256').update(parts.join('\0')).digest().subarray(0, 16);

const decode = (bytes: Buffer): Row => ({ expires: bytes.readDoubleLE(0), first: bytes.readDoubleLE(8), second: bytes.readDoubleLE(16) });

const encode = (row: Row): Buffer => {
  const bytes = Buffer.allocUnsafe(24);
  bytes.writeDoubleLE(row.expires, 0);
  bytes.writeDoubleLE(row.first, 8);
  bytes.writeDoubleLE(row.second, 16);
  return bytes;
};

export interface TableOptions {
  /** Bytes. */
  readonly space?: number | undefined;
  /** Several processes have it open at once. */
  readonly shared: boolean;
}

export class Table {
  readonly #folder: string;
  readonly #db: RootDatabase<Buffer, Buffer>;
  readonly #mostKeys: number;
  #sweptTo: Buffer = Buffer.alloc(16);

  private constructor(folder: string, db: RootDatabase<Buffer, Buffer>, space: number) {
    this.#folder = folder;
    this.#db = db;
    this.#mostKeys = (space / MIB) * KEYS_A_MIB;
  }

  /** `wanted` bytes, or as many as it has already. Rejects as the system says; nothing is half made then. */
  static async open(folder: string, { space: wanted = SPACE, shared }: TableOptions): Promise<Table> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, `${boot()}.mdb`);
    dropOtherBoots(folder, file);
    await makeOnce(folder, file, wanted);
    const space = Math.max(wanted, claimed(file));
    const db = openFileOf(file, space, shared);
    for (const name of [file, `${file}-lock`]) chmodSync(name, 0o600);
    await claimSpace(file, space);
    return new Table(folder, db, space);
  }

  /** Reads a row and writes another in its place, in one step for all processes. `null` leaves it as it is. Throws if it cannot be written. */
  change<R>(key: Buffer, change: (row: Row | null) => { readonly row: Row | null; readonly result: R }): R {
    return this.#db.transactionSync(() => {
      const bytes = this.#db.getBinary(key);
      const { row, result } = change(bytes?.length === 24 ? decode(bytes) : null);
      if (!row) return result;
      if (!bytes && this.size >= this.#mostKeys) throw new Error('the ledger is full');
      this.#db.putSync(key, encode(row));
      return result;
    });
  }

  get size(): number {
    const stats = this.#db.getStats();
    return 'entryCount' in stats && typeof stats.entryCount === 'number' ? stats.entryCount : 0;
  }

  /** Forgets some of the keys that have expired; the next call goes on behind them. Gives how many. */
  sweep(now: number): number {
    const seen = [...this.#db.getRange({ start: this.#sweptTo, limit: SWEEP })];
    this.#sweptTo = seen.length === SWEEP ? (seen.at(-1)?.key ?? Buffer.alloc(16)) : Buffer.alloc(16);
    const old = seen.filter(({ value }) => value.length !== 24 || decode(value).expires < now).map(({ key }) => Buffer.from(key));
    if (old.length === 0) return 0;
    this.#db.transactionSync(() => {
      for (const key of old) this.#db.removeSync(key);
    });
    return old.length;
  }

  /** Leaves a synced copy for the time after a power cut, unless another process did within `age` milliseconds. */
  async snapshot(age: number): Promise<void> {
    const file = join(this.#folder, SNAPSHOT);
    const made = await stat(file).catch(() => null);
    if (made && Date.now() - made.mtimeMs < age) return;
    const fresh = `${file}.${process.pid}`;
    await rm(fresh, { force: true });
    await this.#db.backup(fresh, true);
    await synced(fresh, (handle) => handle.sync());
    await rename(fresh, file);
    await synced(this.#folder, (handle) => handle.sync());
  }

  async close(): Promise<void> {
    await this.snapshot(0);
    await this.#db.close();
  }
}

const boot = (): string => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown';
  }
};

const openFileOf = (path: string, mapSize: number, shared: boolean): RootDatabase<Buffer, Buffer> => {
  const durability = shared ? { noMetaSync: true } : { noSync: true };
  return open<Buffer, Buffer>({ path, ...durability, overlappingSync: false, mapSize, encoding: 'binary', keyEncoding: 'binary' });
};

const dropOtherBoots = (folder: string, file: string): void => {
  for (const name of readdirSync(folder))
    if (/^[0-9a-f-]{36}\.mdb/.test(name) && !join(folder, name).startsWith(file)) rmSync(join(folder, name), { force: true });
};

/**
 * Makes the file of this boot, from the snapshot if there is one, with all its space. It is made under another
 * name and then linked: of several processes that start at once one is first, and nobody opens a file in the making.
 */
const makeOnce = async (folder: string, file: string, space: number): Promise<void> => {
  if (existsSync(file)) return;
  const own = join(folder, `new.${process.pid}`);
  try {
    if (existsSync(join(folder, SNAPSHOT))) copyFileSync(join(folder, SNAPSHOT), own);
    else await openFileOf(own, space, false).close();
    await claimSpace(own, space);
    linkSync(own, file);
  } catch (error) {
    if (!existsSync(file)) throw error;
  } finally {
    for (const name of [own, `${own}-lock`]) rmSync(name, { force: true });
  }
};

const synced = async (file: string, work: (handle: FileHandle) => Promise<unknown>): Promise<void> => {
  const handle = await openFile(file, 'r');
  try {
    await work(handle);
  } finally {
    await handle.close();
  }
};

/** Whole MiB that the file has; 0 if there is none. */
const claimed = (file: string): number => Math.ceil((statSync(file, { throwIfNoEntry: false })?.size ?? 0) / MIB) * MIB;

/**
 * lmdb goes by its meta pages, not by the size of the file: zeros behind its last page are room. They are
 * appended, never written at a place: another process may be putting pages there this moment.
 */
const claimSpace = async (file: string, space: number): Promise<void> => {
  const zeros = Buffer.alloc(MIB);
  const handle = await openFile(file, 'a');
  try {
    for (let { size } = await handle.stat(); size < space; { size } = await handle.stat())
      await handle.write(zeros, 0, Math.min(zeros.length, space - size));
  } finally {
    await handle.close();
  }
};
