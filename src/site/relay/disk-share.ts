import { statfsSync } from 'node:fs';

/** Bytes, by what is free on the disk of the queue. */
export interface DiskShare {
  /** Of one segment, claimed ahead. */
  readonly segment: number;
  /** Memory of the ledger; its files take up to three times as much. */
  readonly ledger: number;
}

const MIB = 1024 * 1024;
const SEGMENT = { least: MIB, most: 16 * MIB };
const LEDGER = { least: MIB, most: 32 * MIB };

/** Neither takes more than a sixteenth of what is free, in powers of two: a small disk is for mail, too. */
const shareOf = (free: number, { least, most }: typeof SEGMENT): number =>
  Math.min(most, Math.max(least, 2 ** Math.floor(Math.log2(Math.max(1, free / 16)))));

export const shareOfFree = (free: number): DiskShare => ({ segment: shareOf(free, SEGMENT), ledger: shareOf(free, LEDGER) });

/** For a folder that is there. */
export const diskShare = (path: string): DiskShare => {
  const { bavail, bsize } = statfsSync(path);
  return shareOfFree(bavail * bsize);
};
