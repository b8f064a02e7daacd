import { readdirSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Damage, ReportDamage } from '../store.ts';

const BODY = '.body';

/** The place for entries that fail their checksum: kept for inspection, never delivered. */
export class CorruptEntries {
  readonly #folder: string;
  readonly #report: ReportDamage;
  #count: number;

  constructor(folder: string, report: ReportDamage) {
    this.#folder = folder;
    this.#report = report;
    this.#count = countFiles(folder);
  }

  get count(): number {
    return this.#count;
  }

  /** Never rejects: an entry that cannot be kept is at least reported. True if it was kept. */
  async setAside(name: string, bytes: Buffer, damage: Omit<Damage, 'keptIn'>): Promise<boolean> {
    const file = join(this.#folder, name);
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(file, bytes, { mode: 0o600 });
    } catch {
      this.#report({ ...damage, keptIn: null });
      return false;
    }
    this.#count++;
    this.#report({ ...damage, keptIn: file });
    return true;
  }

  /** Keeps what exists of an entry's body file, too. True if nothing is left in its old place. */
  async keepBody(name: string, file: string): Promise<boolean> {
    try {
      await rename(file, join(this.#folder, `${name}${BODY}`));
      return true;
    } catch (error) {
      return error instanceof Error && 'code' in error && error.code === 'ENOENT';
    }
  }
}

const countFiles = (folder: string): number => {
  try {
    return readdirSync(folder).filter((name) => !name.endsWith(BODY)).length;
  } catch {
    return 0;
  }
};
