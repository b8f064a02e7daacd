import { join } from 'node:path';
import type { MessageContent, MessageRecord } from '../message.ts';
import type { NewMessage } from '../store.ts';
import { Bodies, type BodyDescriptor, readDescriptor } from './bodies.ts';
import type { CorruptEntries } from './corrupt.ts';
import type { Operation } from './frame.ts';
import type { Journal } from './journal.ts';
import type { Entry } from './live.ts';
import { type Part, putMessage, readRecord, sumFits } from './parts.ts';

/** An entry that could not be read back as it was written. */
class DamagedEntry extends Error {
  readonly code = 'EBADMSG';
}

/** One folder of a store: a journal and its large bodies. */
export class JournalFolder {
  readonly journal: Journal;
  readonly bodies: Bodies;
  readonly #corrupt: CorruptEntries;
  #tidying: Promise<void> | null = null;
  #closed = false;

  constructor(journal: Journal, corrupt: CorruptEntries) {
    this.journal = journal;
    this.bodies = new Bodies(journal.place.folder);
    this.#corrupt = corrupt;
  }

  has(id: string): boolean {
    return this.journal.live.get(id) !== undefined;
  }

  /** The operation that adds a message to this folder; a large body is then in place and on disk. */
  put(message: NewMessage): Promise<Operation> | Operation {
    return putMessage(this.bodies, message);
  }

  /** `null` if there is no such message, or if its record is damaged and has been set aside. */
  record(id: string): MessageRecord | null {
    const entry = this.journal.live.get(id);
    if (!entry) return null;
    const bytes = entry.segment.readNow(entry.recordAt, entry.recordLength);
    const record = readRecord(id, bytes, entry.recordSum);
    if (!record) void this.#setAside(id, bytes, 'the record does not fit its checksum');
    return record;
  }

  async content(id: string): Promise<MessageContent | null> {
    const entry = this.journal.live.get(id);
    if (!entry) return null;
    const part = await this.#contentBytes(id, entry);
    if (!part) return null;
    const header = part.bytes.subarray(0, entry.headerLength);
    const bytes = part.bytes.subarray(entry.headerLength);
    if (!entry.bodyInFile) return { header, body: { kind: 'inline', bytes } };
    const body = await this.bodies.find(readDescriptor(bytes));
    if (body) return { header, body };
    return this.#damaged(id, part.bytes, 'the body file is not what it was');
  }

  /** Reads the content in the segment; `null` if the message has gone meanwhile. */
  async #contentBytes(id: string, entry: Entry): Promise<Part | null> {
    const bytes = await this.#read(id, entry);
    if (!bytes) return null;
    return sumFits(bytes, entry.contentSum) ? { bytes } : this.#damaged(id, bytes, 'header or body does not fit its checksum');
  }

  async #read(id: string, entry: Entry): Promise<Buffer | null> {
    try {
      return await entry.contentSegment.read(entry.contentAt, entry.headerLength + entry.bodyLength);
    } catch (error) {
      if (!this.has(id)) return null;
      throw error;
    }
  }

  async #damaged(id: string, bytes: Buffer, reason: string): Promise<never> {
    await this.#setAside(id, bytes, reason);
    throw new DamagedEntry(`message ${id}: ${reason}`);
  }

  /** Moves what is left of the message to the corrupt entries and out of the queue; if it cannot be kept there, it stays. */
  async #setAside(id: string, bytes: Buffer, reason: string): Promise<void> {
    if (!this.has(id)) return;
    const body = this.#descriptor(id);
    if (!(await this.#corrupt.setAside(id, bytes, { id, where: join(this.journal.place.folder, id), reason }))) return;
    if (body && !(await this.#corrupt.keepBody(id, join(this.bodies.folder, body.file)))) return;
    await this.remove(id, []).catch(() => {
      // The disk refused that as well: the entry will be found and set aside again.
    });
  }

  /** Body files that messages refer to; all others are orphans. `null` on a read error. */
  namedBodies(): Set<string> | null {
    const named = new Set<string>();
    for (const id of this.journal.live.ids()) {
      const body = this.#descriptor(id);
      if (body) named.add(body.file);
      else if (this.journal.live.get(id)?.bodyInFile) return null;
    }
    return named;
  }

  #descriptor(id: string): BodyDescriptor | null {
    const entry = this.journal.live.get(id);
    if (!entry?.bodyInFile) return null;
    try {
      return readDescriptor(entry.contentSegment.readNow(entry.contentAt + entry.headerLength, entry.bodyLength));
    } catch {
      return null;
    }
  }

  /** In one step with new messages. The body file is deleted once the removal is durable. */
  async remove(id: string, also: readonly Operation[]): Promise<void> {
    const body = this.#descriptor(id);
    const nothing = Buffer.alloc(0);
    await this.journal.append([{ kind: 'remove', id, state: 'queued', record: nothing, header: nothing, body: nothing }, ...also]);
    if (body) await this.bodies.remove(body.file);
    this.tidy();
  }

  /** Releases segments without messages and moves messages out of old ones that are mostly empty. One run at a time, in the background. */
  tidy(): void {
    const oldest = this.journal.segments[0];
    if (this.#closed || this.#tidying || this.journal.segments.length < 2 || !oldest) return;
    if (oldest.references > 0 && !this.#wasteful()) return;
    this.#tidying = this.#tidyUp()
      .catch(() => {
        // Nothing is lost; the next removal tries again.
      })
      .finally(() => {
        this.#tidying = null;
      });
  }

  /** Waits for what is being written, and closes the files. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#tidying;
    await this.journal.close();
  }

  /** Uses more than twice the disk space of the live messages, four segments aside. */
  #wasteful(): boolean {
    const { segments, place } = this.journal;
    if (segments.length <= 4) return false;
    let live = 0;
    for (const segment of segments) live += segment.liveBytes;
    return (segments.length - 4) * place.segmentSize > 2 * live;
  }

  async #tidyUp(): Promise<void> {
    await this.journal.release();
    while (this.#wasteful() && !this.#closed) {
      const oldest = this.journal.segments[0];
      if (!oldest) return;
      for (const id of this.journal.live.in(oldest)) if (!this.#closed) await this.#moveUp(id);
      await this.journal.release();
      if (this.journal.segments[0] === oldest) return;
    }
  }

  /** Rewrites the message at the end of the journal; a damaged one is set aside instead. */
  async #moveUp(id: string): Promise<void> {
    const entry = this.journal.live.get(id);
    const content = entry && this.record(id) ? await this.#contentBytes(id, entry).catch(() => null) : null;
    if (content) await this.journal.appendLate(() => this.#again(id, content.bytes));
  }

  /** The operations to rewrite the message. Empty if it is gone or damaged: a new checksum would make damage look intact. */
  #again(id: string, bytes: Buffer): readonly Operation[] {
    const entry = this.journal.live.get(id);
    if (!entry || !this.record(id)) return [];
    const record = entry.segment.readNow(entry.recordAt, entry.recordLength);
    const [header, body] = [bytes.subarray(0, entry.headerLength), bytes.subarray(entry.headerLength)];
    return [{ kind: entry.bodyInFile ? 'put-file' : 'put', id, state: entry.state, record, header, body }];
  }
}
