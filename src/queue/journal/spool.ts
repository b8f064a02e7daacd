import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { CorruptEntries } from './corrupt.ts';
import { makeFolder, syncFolder } from './folder.ts';
import { Journal, type JournalPlace } from './journal.ts';
import { JournalFolder } from './journal-folder.ts';
import { LiveMessages } from './live.ts';
import { type FolderName, folderName, isAlive, NOBODY, newOrigin, parseFolderName } from './owner.ts';
import { replay, segmentNumbers } from './replay.ts';

/** A folder with at most this many is read before the store opens and then continued, so that restarts do not pile up folders. */
const QUICK_SEGMENTS = 4;

/** The folder of all journal folders, and which of them may be taken. */
export class Spool {
  readonly #place: { readonly path: string; readonly segmentSize: number; readonly owner: string };
  readonly #corrupt: CorruptEntries;

  constructor(place: { path: string; segmentSize: number; owner: string }, corrupt: CorruptEntries) {
    this.#place = place;
    this.#corrupt = corrupt;
  }

  get corrupt(): number {
    return this.#corrupt.count;
  }

  async create(): Promise<JournalFolder> {
    const origin = newOrigin();
    const folder = this.#folder({ origin, owner: this.#place.owner });
    await makeFolder(join(folder, 'bodies'));
    await syncFolder(folder);
    await syncFolder(this.#place.path);
    return new JournalFolder(new Journal({ folder, origin, segmentSize: this.#place.segmentSize }, [], new LiveMessages()), this.#corrupt);
  }

  /** Takes a small folder without an owner, to continue writing in it. */
  async continueOne(): Promise<JournalFolder | null> {
    for (const name of await this.#ownerless()) {
      if ((await segmentNumbers(this.#folder(name)).catch(() => [])).length > QUICK_SEGMENTS) continue;
      const journalFolder = await this.takeOver(name);
      if (journalFolder) return journalFolder;
    }
    return null;
  }

  async *takeOverAll(): AsyncGenerator<JournalFolder> {
    for (const name of await this.#ownerless()) {
      const journalFolder = await this.takeOver(name);
      if (journalFolder) yield journalFolder;
    }
  }

  async #ownerless(): Promise<readonly FolderName[]> {
    const names = (await readdir(this.#place.path)).map(parseFolderName).filter((name) => name !== null);
    const free: FolderName[] = [];
    for (const name of names) if (name.owner !== this.#place.owner && !(await isAlive(name.owner))) free.push(name);
    return free.sort((a, b) => (a.origin < b.origin ? -1 : 1));
  }

  /** `null` if another process took it first. */
  async takeOver(name: FolderName): Promise<JournalFolder | null> {
    const folder = this.#folder({ ...name, owner: this.#place.owner });
    try {
      await rename(this.#folder(name), folder);
    } catch {
      return null;
    }
    try {
      return await this.#read({ folder, origin: name.origin, segmentSize: this.#place.segmentSize });
    } catch (error) {
      await rename(folder, this.#folder({ ...name, owner: NOBODY }));
      throw error;
    }
  }

  async #read(place: JournalPlace): Promise<JournalFolder> {
    await syncFolder(this.#place.path);
    const journalFolder = new JournalFolder(await replay(place, this.#corrupt), this.#corrupt);
    try {
      const named = journalFolder.namedBodies();
      if (named) await journalFolder.bodies.removeOrphans(named);
      return journalFolder;
    } catch (error) {
      await journalFolder.close();
      throw error;
    }
  }

  /** Releases the folder, or removes it if it is empty. If that fails, the folder has no owner once this process has ended. */
  async giveUp(journalFolder: JournalFolder): Promise<void> {
    await journalFolder.close();
    await this.#leave(journalFolder).catch(() => {});
  }

  async #leave(journalFolder: JournalFolder): Promise<void> {
    if (journalFolder.journal.live.size === 0) await journalFolder.journal.removeFolder();
    else {
      const { folder, origin } = journalFolder.journal.place;
      await rename(folder, this.#folder({ origin, owner: NOBODY }));
    }
    await syncFolder(this.#place.path);
  }

  #folder(name: FolderName): string {
    return join(this.#place.path, folderName(name));
  }
}
