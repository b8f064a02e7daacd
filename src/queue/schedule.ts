import { DueByDestination } from './due-by-destination.ts';
import { DueHeap } from './heap.ts';
import type { MessageRecord } from './message.ts';

/** All that is kept in memory about a queued message. */
interface Item {
  readonly id: string;
  destination: string;
  /** Epoch milliseconds. */
  next: number;
  /** An item may still be in several places; only those with its latest number count. */
  turn: number;
}

interface Turn {
  readonly item: Item;
  readonly turn: number;
}

/** Node's timers are limited to 2^31 ms; waking up every hour is enough. */
const LONGEST = 3_600_000;

const open = (record: MessageRecord) => record.recipients.filter(({ status }) => status === 'open');

/** Domain of an address in lower case. */
const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** The domain of the open recipients; empty if there are several. */
export const destinationOf = (record: MessageRecord): string => {
  const [first, ...others] = open(record);
  if (!first) return '';
  const domain = domainOf(first.address);
  return others.every(({ address }) => domainOf(address) === domain) ? domain : '';
};

/** When the first of the open recipients is due; `null` if none is open. */
export const nextAttempt = (record: MessageRecord): number | null => {
  const times = open(record).map((recipient) => recipient.nextAttempt);
  return times.length > 0 ? Math.min(...times) : null;
};

/** Knows when each message is due. Wakes up for the earliest and never scans all of them. */
export class Schedule {
  readonly #items = new Map<string, Item>();
  readonly #later = new DueHeap<Turn>();
  readonly #due = new DueByDestination<Turn>();
  readonly #listeners = new Set<() => void>();
  readonly #now: () => number;
  #timer: NodeJS.Timeout | null = null;
  #wakesAt = Number.POSITIVE_INFINITY;
  #told = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  has(id: string): boolean {
    return this.#items.has(id);
  }

  /** Sets when the message is due, replacing any earlier time. */
  set(record: MessageRecord, at: number): void {
    const item = this.#items.get(record.id) ?? { id: record.id, destination: '', next: at, turn: 0 };
    this.#items.set(record.id, item);
    item.destination = destinationOf(record);
    this.again(record.id, at);
  }

  /** Like `set`, without the record. */
  again(id: string, at: number): void {
    const item = this.#items.get(id);
    if (!item) return;
    item.next = at;
    this.#place({ item, turn: ++item.turn });
  }

  forget(id: string): void {
    const item = this.#items.get(id);
    if (!item) return;
    item.turn++;
    this.#items.delete(id);
  }

  /** Removes the next due message from the schedule until it is set again. */
  take(destination?: string): string | null {
    this.#promote();
    for (;;) {
      const next = this.#due.shift(destination);
      if (!next) return null;
      if (next.turn !== next.item.turn) continue;
      next.item.turn++;
      return next.item.id;
    }
  }

  *backlog(): Generator<{ readonly destination: string; readonly due: number }> {
    this.#promote();
    yield* this.#due.sizes();
  }

  onDue(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  #place(turn: Turn): void {
    if (turn.item.next <= this.#now()) {
      this.#due.push(turn.item.destination, turn);
      this.#tell();
    } else {
      this.#later.push(turn.item.next, turn);
      this.#wake();
    }
  }

  #promote(): void {
    for (let turn = this.#later.pop(this.#now()); turn; turn = this.#later.pop(this.#now()))
      if (turn.turn === turn.item.turn) this.#due.push(turn.item.destination, turn);
    this.#wake();
  }

  #wake(): void {
    const earliest = this.#later.earliest;
    if (earliest === null || earliest >= this.#wakesAt) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#wakesAt = earliest;
    this.#timer = setTimeout(() => this.#awake(), Math.min(LONGEST, Math.max(1, earliest - this.#now())));
  }

  #awake(): void {
    this.#wakesAt = Number.POSITIVE_INFINITY;
    this.#promote();
    this.#tell();
  }

  /** Notifies once per turn of the event loop, no matter how much comes in. */
  #tell(): void {
    if (this.#told) return;
    this.#told = true;
    setImmediate(() => {
      this.#told = false;
      for (const listener of this.#listeners) listener();
    });
  }
}
