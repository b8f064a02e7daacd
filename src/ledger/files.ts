import { constants as flags } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HEADER_BYTES, type Recorded, readFrames, saltOf } from './frame.ts';

/*
 * Files of the ledger's folder are numbered. A new one is begun before the old one is given up, and takes all
 * rows over; rows are read in the order of the numbers, so it does not matter how far the new one came.
 */

const NAME = /^(\d{8})\.ledger$/;

/** What relayctl before 0.2 left: lmdb, shared by processes. */
const FORMER = /\.mdb(-lock)?(\.\d+)?$|^new\.\d+(-lock)?$/;

/** No ledger has more than this: a file of this name that is larger is not ours. */
const LARGEST = 512 * 1024 * 1024;

export const fileOf = (folder: string, number: number): string => join(folder, `${String(number).padStart(8, '0')}.ledger`);

/** What a folder held, rows apart. */
export interface Contents {
  /** Of the last file that has one. */
  readonly salt: number | null;
  /** Numbers of the files, in order. */
  readonly numbers: readonly number[];
  /** Bytes that were not as they were written. */
  readonly damaged: number;
  /** Files of an older version were there, and are gone. */
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
 * Hands out the rows of all files in order: a later one of the same key overrides. The folder is made if it is not there.
 * Rejects with the system's code if it cannot be read.
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
