/*
 * One folder of segments, written by one process. Steps that arrive while the disk is busy are written
 * together, in one write through O_DSYNC (group commit). Every change is a frame, so it is durable as a whole
 * or not at all, and its promise resolves after the write.
 *
 * When the current segment runs low, a change that adds a message waits for a spare segment, and is refused with
 * the system's code if none can be made. So a full disk is noticed while there is still room to record the
 * outcomes of the messages already in the queue.
 */
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DiskStalled, inTime } from '../../message/disk.ts';
import { syncFolder } from './folder.ts';
import { type Frame, frameOf, type Operation } from './frame.ts';
import type { LiveMessages } from './live.ts';
import { closeAll, preallocate, Segment, SPARE, segmentMark, segmentName } from './segment.ts';

/** The share of the last segment that each kind of change leaves to the kinds after it: removals free a full disk, so they come last. */
const LEAVES = { message: 1 / 4, deferral: 3 / 16, exchange: 1 / 16, removal: 0 } as const;

const leavesOf = (operations: readonly Operation[]): number => {
  const brings = operations.some(({ kind }) => kind === 'put' || kind === 'put-file');
  if (operations.some(({ kind }) => kind === 'remove')) return brings ? LEAVES.exchange : LEAVES.removal;
  return brings ? LEAVES.message : LEAVES.deferral;
};

/** Bytes of one write: more would only delay the next ones. */
const BATCH = 4 * 1024 * 1024;

interface PendingChange {
  readonly frame: Frame;
  /** Share of a segment that it may not use while there is no spare. */
  readonly leaves: number;
  /** Written alone, and built only when all earlier changes are durable. */
  readonly late?: () => readonly Operation[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface JournalPlace {
  readonly folder: string;
  readonly origin: string;
  /** Bytes of a segment. */
  readonly segmentSize: number;
}

export class Journal {
  readonly live: LiveMessages;
  readonly place: JournalPlace;
  /** Oldest first; the last one is being written. */
  readonly #segments: Segment[];
  #waiting: PendingChange[] = [];
  #writing: Promise<void> | null = null;
  #scheduled = false;
  /** In preparation or ready. */
  #spare: Promise<void> | null = null;
  #hasSpare = false;
  #releasing = false;
  #closed = false;

  /** `segments`, oldest first, and their live messages, as replayed; empty for a new journal. */
  constructor(place: JournalPlace, segments: readonly Segment[], live: LiveMessages) {
    this.place = place;
    this.live = live;
    this.#segments = [...segments];
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Resolves when all operations are durable. Operations of later calls come later in the journal. */
  append(operations: readonly Operation[]): Promise<void> {
    const [frame, leaves] = [frameOf(operations), leavesOf(operations)];
    return this.#enqueue((settled) => ({ frame, leaves, ...settled }));
  }

  /**
   * Like `append`, for a caller with a deadline: rejects with `DiskStalled` when the disk takes too long. A change
   * still waiting is then never written; one already being written may become durable, and then `late` is called.
   */
  appendInTime(operations: readonly Operation[], late: () => void): Promise<void> {
    const [frame, leaves] = [frameOf(operations), leavesOf(operations)];
    let withdraw = (): void => undefined;
    const durable = this.#enqueue((settled) => {
      const change = { frame, leaves, ...settled };
      withdraw = () => this.#withdraw(change);
      return change;
    });
    return inTime(durable, late).catch((error: unknown) => {
      if (error instanceof DiskStalled) withdraw();
      throw error;
    });
  }

  /** Like `append`, with operations that are built once all earlier ones are durable and applied, so they cannot be out of date. */
  appendLate(late: () => readonly Operation[]): Promise<void> {
    return this.#enqueue((settled) => ({ frame: frameOf([]), leaves: LEAVES.exchange, late, ...settled }));
  }

  #enqueue(changeOf: (settled: Pick<PendingChange, 'resolve' | 'reject'>) => PendingChange): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new Error('the store is closed');
      this.#waiting.push(changeOf({ resolve, reject }));
      this.#schedule();
    });
  }

  #withdraw(change: PendingChange): void {
    this.#waiting = this.#waiting.filter((waiting) => waiting !== change);
  }

  #schedule(): void {
    if (this.#scheduled || this.#writing) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#writing ??= this.#write();
    });
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) await this.#writeSome();
    this.#writing = null;
  }

  /** Writes the first waiting change and those that may go with it. An error is attributed to the first and reported to it alone. */
  async #writeSome(): Promise<void> {
    const first = this.#layOut();
    try {
      const segment = await this.#segmentFor(first);
      if (this.#waiting[0] === first) await this.#commit(segment, this.#batchFor(segment));
    } catch (error) {
      this.#withdraw(first);
      first.reject(error);
    }
  }

  /** The next change, built. */
  #layOut(): PendingChange {
    const first = this.#waiting[0];
    if (!first) throw new Error('nothing waits');
    if (!first.late) return first;
    const change = { ...first, frame: frameOf(first.late()) };
    this.#waiting[0] = change;
    return change;
  }

  /** As many waiting changes, in order, as fit the segment and one write; always the first. */
  #batchFor(segment: Segment): PendingChange[] {
    let bytes = 0;
    let count = 0;
    for (const change of this.#waiting) {
      const fits = bytes + change.frame.length <= Math.min(BATCH, this.#roomFor(change, segment));
      if (count > 0 && (!fits || change.late)) break;
      bytes += change.frame.length;
      count++;
      if (change.late) break;
    }
    return this.#waiting.splice(0, count);
  }

  async #commit(segment: Segment, changes: readonly PendingChange[]): Promise<void> {
    let at = segment.end;
    const placed = changes.map((change) => {
      const frame = change.frame.place(segment.mark, at);
      at += change.frame.length;
      return frame;
    });
    try {
      await segment.append(
        placed.flatMap((frame) => frame.buffers),
        at - segment.end,
      );
    } catch (error) {
      for (const change of changes) change.reject(error);
      return;
    }
    changes.forEach((change, index) => {
      for (const operation of placed[index]?.operations ?? []) this.live.apply(operation, segment);
      change.resolve();
    });
    if (segment.room < this.place.segmentSize / 2) this.#lookAhead();
  }

  /** With half a segment left there is time to make a spare, unless an old segment has become one. */
  #lookAhead(): void {
    this.#prepareSpare().catch(() => {
      // Retried when the spare is needed, and reported then.
    });
  }

  #roomFor(change: PendingChange, segment: Segment): number {
    return this.#hasSpare ? segment.room : segment.room - this.place.segmentSize * change.leaves;
  }

  async #segmentFor(change: PendingChange): Promise<Segment> {
    const present = this.#segments.at(-1);
    if (present && this.#roomFor(change, present) >= change.frame.length) return present;
    await this.#prepareSpare();
    if (present && this.#roomFor(change, present) >= change.frame.length) return present;
    return this.#roll(change.frame.length);
  }

  /** Resolves once there is a spare; rejects with the system's code if none can be made. */
  #prepareSpare(): Promise<void> {
    return this.#spare ?? this.#setSpare(preallocate(join(this.place.folder, SPARE), this.place.segmentSize));
  }

  #setSpare(making: Promise<void>): Promise<void> {
    this.#spare = making.then(
      () => {
        this.#hasSpare = true;
      },
      (error: unknown) => {
        this.#spare = null;
        throw error;
      },
    );
    return this.#spare;
  }

  /** Makes the spare the current segment. */
  async #roll(atLeast: number): Promise<Segment> {
    const { folder, origin, segmentSize } = this.place;
    const spare = join(folder, SPARE);
    if (atLeast > segmentSize) await preallocate(spare, atLeast);
    const number = (this.#segments.at(-1)?.number ?? 0) + 1;
    const file = join(folder, segmentName(number));
    await rename(spare, file);
    this.#spare = null;
    this.#hasSpare = false;
    await syncFolder(folder);
    const segment = await Segment.open({ file, number, mark: segmentMark(origin, number), end: 0 });
    this.#segments.at(-1)?.seal();
    this.#segments.push(segment);
    return segment;
  }

  /**
   * Releases the oldest segments that nothing refers to, strictly in order and each durably before the
   * next: the removal of a message is in a later segment than the message and must outlive it. A segment
   * that cannot be removed blocks the others.
   */
  async release(): Promise<void> {
    if (this.#releasing) return;
    this.#releasing = true;
    try {
      await this.#releaseAll();
    } finally {
      this.#releasing = false;
    }
  }

  async #releaseAll(): Promise<void> {
    for (;;) {
      const oldest = this.#segments[0];
      if (!oldest || this.#segments.length < 2 || oldest.references > 0) return;
      await this.#giveUp(oldest);
      this.#segments.shift();
      await oldest.close();
    }
  }

  /** An intact segment becomes the spare if there is none: it need not be filled with zeros again, and its old frames bear another mark. */
  async #giveUp(segment: Segment): Promise<void> {
    const { folder, segmentSize } = this.place;
    if (this.#spare || segment.isBroken || segment.size !== segmentSize) await rm(segment.file, { force: true });
    else await this.#setSpare(rename(segment.file, join(folder, SPARE)));
    await syncFolder(folder);
  }

  /** Waits for what is being written, and closes the files. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#writing || this.#scheduled) await (this.#writing ?? new Promise((resolve) => setImmediate(resolve)));
    await this.#spare?.catch(() => {
      // Then there is no spare.
    });
    await closeAll(this.#segments);
  }

  /** Only for a closed journal without messages. */
  async removeFolder(): Promise<void> {
    await rm(this.place.folder, { recursive: true, force: true });
  }
}
