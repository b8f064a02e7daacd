import { mkdir } from 'node:fs/promises';
import { inTime, withFile } from '../../message/disk.ts';

/** Creates a private folder (0700) and its parents. */
export const makeFolder = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
};

/** Makes new, renamed and removed names of a folder durable: a file whose name is not on disk is lost in a power failure. */
export const syncFolder = (folder: string): Promise<void> => withFile(folder, 'r', (handle) => inTime(handle.sync()));

/** Shares one sync of a folder among all callers that ask while another is running; it begins after they asked, so it covers their names. */
export class SharedFolderSync {
  readonly #folder: string;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Resolves when all names that existed at the call are on disk. */
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
