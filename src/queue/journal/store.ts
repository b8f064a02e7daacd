import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { MessageContent, MessageRecord } from '../message.ts';
import type { MessageStore, NewMessage, StoreStatus } from '../store.ts';
import { CorruptEntries, type ReportDamage } from './corrupt.ts';
import { makeFolder, syncFolder } from './folder.ts';
import type { Operation } from './frame.ts';
import { House } from './house.ts';
import { Journal, type JournalPlace } from './journal.ts';
import { LiveMessages } from './live.ts';
import { type FolderName, folderName, isAlive, NOBODY, newOrigin, parseFolderName, thisProcess } from './owner.ts';
import { updateRecord } from './parts.ts';
import { replay, segmentNumbers } from './replay.ts';

/** A folder with no more than this is read before the store opens and then continued, so that restarts leave no folders behind. */
const QUICK_SEGMENTS = 4;

const SEGMENT_SIZE = 16 * 1024 * 1024;

export interface StoreOptions {
  /** Folder of the queue; made if it is not there. */
  readonly path: string;
  /** Hears of entries that were set aside. */
  readonly report: ReportDamage;
  /** Bytes of a segment; 16 MiB if not given. */
  readonly segmentSize?: number;
  /** Who owns what this store writes; this process if not given. */
  readonly owner?: string;
}

/** Opens the embedded store; see `docs/durability.md` for what it promises. Rejects with the system's code if the folder cannot be written. */
export const openStore = async (options: StoreOptions): Promise<MessageStore> => {
  const { path, report, segmentSize = SEGMENT_SIZE, owner = thisProcess() } = options;
  await makeFolder(path);
  const corrupt = new CorruptEntries(join(path, 'corrupt'), report);
  const spool = new Spool({ path, segmentSize, owner }, corrupt);
  const main = (await spool.continueOne()) ?? (await spool.create());
  return new JournalStore(spool, main);
};

/** The folder that holds the journals' folders, and who may have which. */
class Spool {
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
    await makeFolder(folder);
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
    await house.bodies.removeOrphans(house.namedBodies());
    return house;
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

class JournalStore implements MessageStore {
  readonly #spool: Spool;
  readonly #main: House;
  /** Folders of processes that are gone, until their last message is. */
  readonly #adopted = new Set<House>();

  constructor(spool: Spool, main: House) {
    this.#spool = spool;
    this.#main = main;
  }

  async adopt(): Promise<readonly string[]> {
    const ids: string[] = [];
    for await (const house of this.#spool.takeOverAll()) {
      this.#adopted.add(house);
      ids.push(...house.journal.live.ids());
      await this.#leaveIfEmpty(house);
    }
    return ids;
  }

  async add(record: MessageRecord, content: MessageContent): Promise<void> {
    if (this.#houseOf(record.id)) throw new Error(`message ${record.id} is there already`);
    const operation = this.#main.put({ record, content });
    await this.#main.journal.append([operation instanceof Promise ? await operation : operation]);
  }

  async update(record: MessageRecord, also: readonly NewMessage[] = []): Promise<void> {
    const house = this.#mustHave(record.id);
    await house.journal.append([updateRecord(record), ...(await operations(house, also))]);
    house.tidy();
  }

  async remove(id: string, also: readonly NewMessage[] = []): Promise<void> {
    const house = this.#mustHave(id);
    await house.remove(id, also.length > 0 ? await operations(house, also) : []);
    if (house.journal.live.size === 0 && house !== this.#main) await this.#leaveIfEmpty(house);
  }

  get(id: string): MessageRecord | null {
    return this.#houseOf(id)?.record(id) ?? null;
  }

  async content(id: string): Promise<MessageContent | null> {
    return (await this.#houseOf(id)?.content(id)) ?? null;
  }

  *records(): Generator<MessageRecord> {
    for (const id of [...this.#houses()].flatMap((house) => [...house.journal.live.ids()]).sort()) {
      const record = this.get(id);
      if (record) yield record;
    }
  }

  bodyFile(): ReturnType<MessageStore['bodyFile']> {
    return this.#main.bodies.create();
  }

  async discardFile(file: string): Promise<void> {
    await this.#main.bodies.remove(file);
  }

  status(): StoreStatus {
    const sum = { queued: 0, held: 0, quarantined: 0, corrupt: this.#spool.corrupt };
    for (const { journal } of this.#houses())
      for (const state of ['queued', 'held', 'quarantined'] as const) sum[state] += journal.live.count(state);
    return sum;
  }

  async close(): Promise<void> {
    for (const house of this.#houses()) await this.#spool.giveUp(house);
  }

  *#houses(): Generator<House> {
    yield this.#main;
    yield* this.#adopted;
  }

  #houseOf(id: string): House | undefined {
    if (this.#main.has(id)) return this.#main;
    for (const house of this.#adopted) if (house.has(id)) return house;
    return undefined;
  }

  #mustHave(id: string): House {
    const house = this.#houseOf(id);
    if (!house) throw new Error(`there is no message ${id}`);
    return house;
  }

  async #leaveIfEmpty(house: House): Promise<void> {
    if (house.journal.live.size > 0 || !this.#adopted.delete(house)) return;
    await this.#spool.giveUp(house);
  }
}

const operations = async (house: House, messages: readonly NewMessage[]): Promise<Operation[]> => {
  const put: Operation[] = [];
  for (const message of messages) put.push(await house.put(message));
  return put;
};
