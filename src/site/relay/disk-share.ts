import { statfsSync } from 'node:fs';

/** Bytes that are claimed ahead on the disk of the queue. */
export interface DiskShare {
  readonly segment: number;
  readonly ledger: number;
}

const MIB = 1024 * 1024;
const SEGMENT = { least: MIB, most: 16 * MIB };
const LEDGER = { least: 2 * MIB, most: 64 * MIB };

/** Neither takes more than a sixteenth of what is free, in powers of two: a small disk is for mail, too. */
const shareOf = (free: number, { least, most }: typeof SEGMENT): number =>
  Math.min(most, Math.max(least, 2 ** Math.floor(Math.log2(Math.max(1, free / 16)))));

export const shareOfFree = (free: number): DiskShare => ({ segment: shareOf(free, SEGMENT), ledger: shareOf(free, LEDGER) });

/** For a folder that is there. */
export const diskShare = (path: string): DiskShare => {
  const { bavail, bsize } = statfsSync(path);
  return shareOfFree(bavail * bsize);
};
