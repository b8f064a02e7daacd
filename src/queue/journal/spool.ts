import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { CorruptEntries } from './corrupt.ts';
import { makeFolder, syncFolder } from './folder.ts';
import { House } from './house.ts';
import { Journal, type JournalPlace } from './journal.ts';
import { LiveMessages } from './live.ts';
import { type FolderName, folderName, isAlive, NOBODY, newOrigin, parseFolderName } from './owner.ts';
import { replay, segmentNumbers } from './replay.ts';

/** A folder with no more than this is read before the store opens and then continued, so that restarts leave no folders behind. */
const QUICK_SEGMENTS = 4;

/** The folder that holds the journals' folders, and who may have which. */
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

  async create(): Promise<House> {
    const origin = newOrigin();
    const folder = this.#folder({ origin, owner: this.#place.owner });
    await makeFolder(join(folder, 'bodies'));
    await syncFolder(folder);
    await syncFolder(this.#place.path);
    return new House(new Journal({ folder, origin, segmentSize: this.#place.segmentSize }, [], new LiveMessages()), this.#corrupt);
  }

  /** A small folder nobody owns, to go on with. */
  async continueOne(): Promise<House | null> {
    for (const name of await this.#ownerless()) {
      if ((await segmentNumbers(this.#folder(name)).catch(() => [])).length > QUICK_SEGMENTS) continue;
      const house = await this.takeOver(name);
      if (house) return house;
    }
    return null;
  }

  async *takeOverAll(): AsyncGenerator<House> {
    for (const name of await this.#ownerless()) {
      const house = await this.takeOver(name);
      if (house) yield house;
    }
  }

  async #ownerless(): Promise<readonly FolderName[]> {
    const names = (await readdir(this.#place.path)).map(parseFolderName).filter((name) => name !== null);
    const free: FolderName[] = [];
    for (const name of names) if (name.owner !== this.#place.owner && !(await isAlive(name.owner))) free.push(name);
    return free.sort((a, b) => (a.origin < b.origin ? -1 : 1));
  }

  /** `null` if another process was faster. */
  async takeOver(name: FolderName): Promise<House | null> {
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

  async #read(place: JournalPlace): Promise<House> {
    await syncFolder(this.#place.path);
    const house = new House(await replay(place, this.#corrupt), this.#corrupt);
    try {
      const named = house.namedBodies();
      if (named) await house.bodies.removeOrphans(named);
      return house;
    } catch (error) {
      await house.close();
      throw error;
    }
  }

  /** Nobody's from here on; without messages, gone. If the disk refuses that, it is so when this process ends. */
  async giveUp(house: House): Promise<void> {
    await house.close();
    await this.#leave(house).catch(() => {});
  }

  async #leave(house: House): Promise<void> {
    if (house.journal.live.size === 0) await house.journal.removeFolder();
    else {
      const { folder, origin } = house.journal.place;
      await rename(folder, this.#folder({ origin, owner: NOBODY }));
    }
    await syncFolder(this.#place.path);
  }

  #folder(name: FolderName): string {
    return join(this.#place.path, folderName(name));
  }
}
