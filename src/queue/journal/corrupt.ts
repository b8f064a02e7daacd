import { readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What did not fit its checksum, for the log. */
export interface Damage {
  /** Empty where not even that can be read. */
  readonly id: string;
  readonly where: string;
  readonly reason: string;
  /** File the bytes were kept in, or `null` if that failed too. */
  readonly keptIn: string | null;
}

export type ReportDamage = (damage: Damage) => void;

/** The place for entries that do not fit their checksum: kept for a person to look at, never delivered. */
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

  /** Never rejects: what cannot be kept is at least reported. */
  async setAside(name: string, bytes: Buffer, damage: Omit<Damage, 'keptIn'>): Promise<void> {
    const file = join(this.#folder, name);
    this.#count++;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(file, bytes, { mode: 0o600 });
      this.#report({ ...damage, keptIn: file });
    } catch {
      this.#report({ ...damage, keptIn: null });
    }
  }
}

const countFiles = (folder: string): number => {
  try {
    return readdirSync(folder).length;
  } catch {
    return 0;
  }
};
