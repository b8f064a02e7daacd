import { constants as flags } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HEADER_BYTES, type Recorded, readFrames, saltOf } from './frame.ts';

/*
 * Files in the ledger's folder are numbered. A new one is started before the old one is deleted, and gets a copy of
 * all rows; files are read in order of their numbers, so an incomplete new file does no harm.
 */

const NAME = /^(\d{8})\.ledger$/;

/** Files of relayctl before 0.2: lmdb, shared by processes. */
const FORMER = /\.mdb(-lock)?(\.\d+)?$|^new\.\d+(-lock)?$/;

/** No ledger file is larger than this: a larger file of this name is not ours. */
const LARGEST = 512 * 1024 * 1024;

export const fileOf = (folder: string, number: number): string => join(folder, `${String(number).padStart(8, '0')}.ledger`);

/** What a folder contained, apart from rows. */
export interface Contents {
  /** From the last file that has one. */
  readonly salt: number | null;
  /** Numbers of the files, in order. */
  readonly numbers: readonly number[];
  /** Damaged bytes. */
  readonly damaged: number;
  /** Files of an older version were found and removed. */
  readonly former: boolean;
}

const readWhole = async (file: string): Promise<Buffer> => {
  const handle = await open(file, flags.O_RDONLY | flags.O_NONBLOCK);
  try {
    const info = await handle.stat();
    return info.isFile() && info.size <= LARGEST ? await handle.readFile() : Buffer.alloc(0);
  } finally {
    await handle.close();
  }
};

const removeFormer = async (folder: string, names: readonly string[]): Promise<boolean> => {
  const former = names.filter((name) => FORMER.test(name));
  for (const name of former) await rm(join(folder, name), { force: true, recursive: true });
  return former.length > 0;
};

/**
 * Passes the rows of all files to `each` in order: a later row overrides an earlier one with the same key. Creates the
 * folder if missing. Rejects with the system's code if it cannot be read.
 */
export const readFolder = async (folder: string, each: (recorded: Recorded) => void): Promise<Contents> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const names = await readdir(folder);
  const former = await removeFormer(folder, names);
  const numbers = names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((one, other) => one - other);
  let salt: number | null = null;
  let damaged = 0;
  for (const number of numbers) {
    const bytes = await readWhole(fileOf(folder, number));
    const own = saltOf(bytes);
    salt = own ?? salt;
    if (own === null && bytes.length >= HEADER_BYTES) damaged += HEADER_BYTES;
    damaged += readFrames(bytes.subarray(HEADER_BYTES), each);
  }
  return { salt, numbers, damaged, former };
};
