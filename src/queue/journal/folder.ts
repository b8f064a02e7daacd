import { mkdir } from 'node:fs/promises';
import { inTime, withFile } from '../../message/disk.ts';

/** Makes a folder of our own (0700), and those above it. */
export const makeFolder = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
};

/** Puts new, renamed and removed names of a folder on the disk: a file without its name is lost in a power cut. */
export const syncFolder = (folder: string): Promise<void> => withFile(folder, 'r', (handle) => inTime(handle.sync()));

/** One sync of a folder for all who ask while another one runs: it begins after they asked, so it has their names in it. */
export class SharedFolderSync {
  readonly #folder: string;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Resolves when all names that were there at the call are on the disk. */
  sync(): Promise<void> {
    if (!this.#running) return this.#start();
    this.#next ??= this.#running.then(
      () => this.#start(),
      () => this.#start(),
    );
    return this.#next;
  }

  #start(): Promise<void> {
    this.#next = null;
    const run = syncFolder(this.#folder).finally(() => {
      if (this.#running === run) this.#running = null;
    });
    this.#running = run;
    return run;
  }
}
