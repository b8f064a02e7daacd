/*
 * The embedded store. From the final dot to the 250:
 *
 *   a small body    pwritev(segment, frames)             through O_DSYNC; one call for all messages that wait
 *   a large body    write(body) fdatasync(body) close    while it arrives, its checksum with it; then
 *                   fsync(bodies/)                       its name
 *                   pwritev(segment, frames)
 *   a full segment  open(spare) pwrite... fdatasync close        ahead of time, or an old segment renamed
 *                   rename(spare, NNNNNNNN.seg) fsync(folder) open(O_DSYNC)
 *
 * A crash before pwritev returns: nobody was told 250; what of the frame reached the disk is a whole frame (a
 * message more) or does not fit its checksums (none). A body file whose frame is missing is an orphan, removed
 * by the process that takes the folder over. An error of any call: the message is refused with the system's code, the
 * record of what was there is untouched; after a failed pwritev the segment is cut off behind its last good
 * frame and never written again, the next message goes to a fresh one. A full disk shows when a spare is made,
 * while a quarter of a segment is still kept for what becomes of the messages that are there.
 * `docs/durability.md` tells more, and what was measured.
 */
import { join } from 'node:path';
import type { BodySink } from '../../message/body-writer.ts';
import type { MessageContent, MessageRecord } from '../message.ts';
import type { MessageStore, NewMessage, ReportDamage, StoreStatus } from '../store.ts';
import { CorruptEntries } from './corrupt.ts';
import { makeFolder } from './folder.ts';
import type { Operation } from './frame.ts';
import type { JournalFolder } from './journal-folder.ts';
import { thisProcess } from './owner.ts';
import { updateRecord } from './parts.ts';
import { closeAll } from './segment.ts';
import { Spool } from './spool.ts';

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

class JournalStore implements MessageStore {
  readonly #spool: Spool;
  readonly #main: JournalFolder;
  /** Folders of processes that are gone, until their last message is. */
  readonly #adopted = new Set<JournalFolder>();
  #adopting: Promise<readonly string[]> = Promise.resolve([]);
  #closed = false;

  constructor(spool: Spool, main: JournalFolder) {
    this.#spool = spool;
    this.#main = main;
  }

  /** One at a time; `close` waits for the one under way, or it would leave files open. */
  adopt(): Promise<readonly string[]> {
    const adopting = this.#adopting.then(
      () => this.#adopt(),
      () => this.#adopt(),
    );
    this.#adopting = adopting;
    return adopting;
  }

  async #adopt(): Promise<readonly string[]> {
    const ids: string[] = [];
    if (this.#closed) return ids;
    for await (const folder of this.#spool.takeOverAll()) {
      this.#adopted.add(folder);
      ids.push(...folder.journal.live.ids());
      await this.#leaveIfEmpty(folder);
    }
    return ids;
  }

  async add(record: MessageRecord, content: MessageContent): Promise<void> {
    if (this.#folderOf(record.id)) throw new Error(`message ${record.id} is there already`);
    const operation = this.#main.put({ record, content });
    const step = [operation instanceof Promise ? await operation : operation];
    await this.#main.journal.appendInTime(step, () => this.#takeBack(record.id));
  }

  /** The client was told that the message is not queued and will send it again. If this fails too, there will be two. */
  #takeBack(id: string): void {
    this.#main.remove(id, []).catch(() => {});
  }

  async update(record: MessageRecord, also: readonly NewMessage[] = []): Promise<void> {
    const folder = this.#mustHave(record.id);
    await folder.journal.append([updateRecord(record), ...(await operations(folder, also))]);
    folder.tidy();
  }

  async remove(id: string, also: readonly NewMessage[] = []): Promise<void> {
    const folder = this.#mustHave(id);
    await folder.remove(id, also.length > 0 ? await operations(folder, also) : []);
    if (folder.journal.live.size === 0 && folder !== this.#main) await this.#leaveIfEmpty(folder);
  }

  /** Read in place: small, and in the page cache as a rule. */
  async get(id: string): Promise<MessageRecord | null> {
    return this.#folderOf(id)?.record(id) ?? null;
  }

  async content(id: string): Promise<MessageContent | null> {
    return (await this.#folderOf(id)?.content(id)) ?? null;
  }

  async *records(): AsyncGenerator<MessageRecord> {
    for (const id of [...this.#folders()].flatMap((folder) => [...folder.journal.live.ids()]).sort()) {
      const record = await this.get(id);
      if (record) yield record;
    }
  }

  newBody(): Promise<BodySink> {
    return this.#main.bodies.create();
  }

  status(): StoreStatus {
    const sum = { queued: 0, held: 0, quarantined: 0, corrupt: this.#spool.corrupt };
    for (const { journal } of this.#folders())
      for (const state of ['queued', 'held', 'quarantined'] as const) sum[state] += journal.live.count(state);
    return sum;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#adopting.catch(() => {});
    await closeAll([...this.#folders()].map((folder) => ({ close: () => this.#spool.giveUp(folder) })));
  }

  *#folders(): Generator<JournalFolder> {
    yield this.#main;
    yield* this.#adopted;
  }

  #folderOf(id: string): JournalFolder | undefined {
    if (this.#main.has(id)) return this.#main;
    for (const folder of this.#adopted) if (folder.has(id)) return folder;
    return undefined;
  }

  #mustHave(id: string): JournalFolder {
    const folder = this.#folderOf(id);
    if (!folder) throw new Error(`there is no message ${id}`);
    return folder;
  }

  async #leaveIfEmpty(folder: JournalFolder): Promise<void> {
    if (folder.journal.live.size > 0 || !this.#adopted.delete(folder)) return;
    await this.#spool.giveUp(folder);
  }
}

const operations = async (folder: JournalFolder, messages: readonly NewMessage[]): Promise<Operation[]> => {
  const put: Operation[] = [];
  for (const message of messages) put.push(await folder.put(message));
  return put;
};
