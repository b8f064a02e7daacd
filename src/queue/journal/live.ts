import type { MessageRecord } from '../message.ts';
import type { Placed } from './frame.ts';
import type { Segment } from './segment.ts';

/** Where the current state of one message is stored. */
export interface Entry {
  state: MessageRecord['state'];
  segment: Segment;
  recordAt: number;
  recordLength: number;
  recordSum: number;
  contentSegment: Segment;
  contentAt: number;
  headerLength: number;
  bodyLength: number;
  contentSum: number;
  /** The body part describes a file. */
  bodyInFile: boolean;
}

/**
 * The live messages of a journal, and how many refer to each segment: an unreferenced segment can be
 * released once all older ones are.
 */
export class LiveMessages {
  readonly #entries = new Map<string, Entry>();
  readonly #count = { queued: 0, held: 0, quarantined: 0 };

  get size(): number {
    return this.#entries.size;
  }

  count(state: MessageRecord['state']): number {
    return this.#count[state];
  }

  get(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  ids(): IterableIterator<string> {
    return this.#entries.keys();
  }

  /** Messages whose record or content is in this segment. */
  in(segment: Segment): readonly string[] {
    const ids: string[] = [];
    for (const [id, entry] of this.#entries) if (entry.segment === segment || entry.contentSegment === segment) ids.push(id);
    return ids;
  }

  /** Applies an operation of this segment that has become durable, in order. */
  apply(placed: Placed, segment: Segment): void {
    if (placed.kind === 'remove') this.#drop(placed.id);
    else if (placed.kind === 'update') this.#update(placed, segment);
    else this.#put(placed, segment);
  }

  #put(placed: Placed, segment: Segment): void {
    this.#drop(placed.id);
    const entry: Entry = {
      state: placed.state,
      segment,
      recordAt: placed.recordAt,
      recordLength: placed.recordLength,
      recordSum: placed.recordSum,
      contentSegment: segment,
      contentAt: placed.contentAt,
      headerLength: placed.headerLength,
      bodyLength: placed.bodyLength,
      contentSum: placed.contentSum,
      bodyInFile: placed.kind === 'put-file',
    };
    this.#entries.set(placed.id, entry);
    this.#count[entry.state]++;
    refer(entry, 1);
  }

  #update(placed: Placed, segment: Segment): void {
    const entry = this.#entries.get(placed.id);
    if (!entry) return;
    refer(entry, -1);
    this.#count[entry.state]--;
    entry.state = placed.state;
    entry.segment = segment;
    entry.recordAt = placed.recordAt;
    entry.recordLength = placed.recordLength;
    entry.recordSum = placed.recordSum;
    this.#count[entry.state]++;
    refer(entry, 1);
  }

  #drop(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    this.#count[entry.state]--;
    refer(entry, -1);
  }
}

const refer = (entry: Entry, by: 1 | -1): void => {
  entry.segment.references += by;
  entry.segment.liveBytes += by * entry.recordLength;
  entry.contentSegment.references += by;
  entry.contentSegment.liveBytes += by * (entry.headerLength + entry.bodyLength);
};
