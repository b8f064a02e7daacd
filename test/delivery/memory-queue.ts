import type { MessageContent, MessageRecord, RecipientState } from '../../src/queue/message.ts';
import type { Backlog, MailQueue, RecipientOutcome, Work } from '../../src/queue/queue.ts';
import type { NewMessage, StoreStatus } from '../../src/queue/store.ts';

interface Entry {
  record: MessageRecord;
  readonly content: MessageContent;
  taken: boolean;
  unsettled: Set<string>;
}

/** A queue without a disk, for tests of delivery alone. Nothing becomes due by itself: `tick` asks again. */
export class MemoryQueue implements MailQueue {
  readonly entries = new Map<string, Entry>();
  /** Every outcome recorded, in order. */
  readonly outcomes: (RecipientOutcome & { readonly id: string })[] = [];
  /** New messages that came with outcomes; they are kept here, not delivered. */
  readonly added: NewMessage[] = [];
  readonly returned: string[] = [];
  /** Errors that the next calls of `settle` reject with. */
  readonly faults: Error[] = [];
  readonly #now: () => number;
  #listener: () => void = () => undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  async enqueue(record: MessageRecord, content: MessageContent): Promise<void> {
    this.entries.set(record.id, { record, content, taken: false, unsettled: new Set() });
    this.#listener();
  }

  tick(): void {
    this.#listener();
  }

  *backlog(): Iterable<Backlog> {
    const due = new Map<string, number>();
    for (const entry of this.entries.values())
      if (this.#due(entry).length > 0) due.set(destinationOf(entry), (due.get(destinationOf(entry)) ?? 0) + 1);
    for (const [destination, count] of due) yield { destination, due: count };
  }

  take(destination?: string): Work | null {
    for (const [id, entry] of this.entries) {
      const recipients = this.#due(entry).map(({ address }) => address);
      if (recipients.length === 0 || (destination !== undefined && destinationOf(entry) !== destination)) continue;
      entry.taken = true;
      entry.unsettled = new Set(recipients);
      return { id, record: entry.record, recipients, destination: destinationOf(entry) };
    }
    return null;
  }

  async content(id: string): Promise<MessageContent | null> {
    return this.entries.get(id)?.content ?? null;
  }

  async settle(id: string, outcomes: readonly RecipientOutcome[], also: readonly NewMessage[] = []): Promise<void> {
    const fault = this.faults.shift();
    if (fault) throw fault;
    const entry = this.entries.get(id);
    if (!entry?.taken) throw new Error(`${id} was not taken`);
    for (const outcome of outcomes) this.#record(entry, outcome);
    this.added.push(...also);
    if (entry.unsettled.size === 0) entry.taken = false;
  }

  giveBack(id: string, nextAttempt: number): void {
    const entry = this.entries.get(id);
    if (!entry) return;
    entry.taken = false;
    entry.record = {
      ...entry.record,
      recipients: entry.record.recipients.map((one) => (entry.unsettled.has(one.address) ? { ...one, nextAttempt } : one)),
    };
    this.returned.push(id);
  }

  onDue(listener: () => void): () => void {
    this.#listener = listener;
    return () => {
      this.#listener = () => undefined;
    };
  }

  status(): StoreStatus {
    return { queued: this.entries.size, held: 0, quarantined: 0, corrupt: 0 };
  }

  look(): null {
    return null;
  }

  async intervene(): Promise<'refused'> {
    return 'refused';
  }

  async close(): Promise<void> {}

  #due(entry: Entry): readonly RecipientState[] {
    return entry.taken ? [] : entry.record.recipients.filter(({ status, nextAttempt }) => status === 'open' && nextAttempt <= this.#now());
  }

  #record(entry: Entry, outcome: RecipientOutcome): void {
    if (!entry.unsettled.delete(outcome.address)) throw new Error(`${outcome.address} settled twice`);
    this.outcomes.push({ ...outcome, id: entry.record.id });
    const recipients = entry.record.recipients.map((one) => (one.address === outcome.address ? after(one, outcome) : one));
    entry.record = { ...entry.record, recipients };
  }
}

const after = (recipient: RecipientState, outcome: RecipientOutcome): RecipientState => {
  if (outcome.fate === 'postponed') return { ...recipient, nextAttempt: outcome.nextAttempt };
  const tried = { ...recipient, attempts: recipient.attempts + 1, last: outcome.report };
  if (outcome.fate !== 'deferred') return { ...tried, status: outcome.fate };
  return { ...tried, nextAttempt: outcome.nextAttempt, delayNoticed: outcome.delayNoticed ?? recipient.delayNoticed };
};

const destinationOf = ({ record }: Entry): string => {
  const domains = new Set(record.recipients.map(({ address }) => address.slice(address.lastIndexOf('@') + 1).toLowerCase()));
  const [only = ''] = domains;
  return domains.size === 1 ? only : '';
};
