import { execFile } from 'node:child_process';
import { constants as flags, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A file the system holds every caller on, as a disk does that has stopped answering. */
export interface StuckFile {
  readonly file: string;
  /**
   * The disk answers again; the file is gone. One descriptor of it stays open, for callers that are only just about to
   * be held. Synchronous at first: the threads that could do it may all be held.
   */
  release(): Promise<void>;
}

/** A named pipe: to open it for reading, or for writing, takes as long as nobody opens its other end. */
export const stuckFile = async (path?: string): Promise<StuckFile> => {
  const folder = await mkdtemp(join(tmpdir(), 'relayctl-stuck-'));
  const file = path ?? join(folder, 'pipe');
  await promisify(execFile)('mkfifo', [file]);
  const release = async (): Promise<void> => {
    openSync(file, flags.O_RDWR | flags.O_NONBLOCK);
    await rm(file, { force: true });
    await rm(folder, { recursive: true, force: true });
  };
  return { file, release };
};
