import { setImmediate as turn } from 'node:timers/promises';
import { afterAction } from './after-action.ts';
import { dueRecipients, withOutcomes, withoutDoubles } from './apply-outcomes.ts';
import { FreshMessages } from './fresh.ts';
import type { MessageContent, MessageRecord } from './message.ts';
import type { ActionResult, AdministeredQueue, Backlog, QueueAction, RecipientOutcome, Work } from './queue.ts';
import { destinationOf, nextAttempt, Schedule } from './schedule.ts';
import type { MessageStore, NewMessage, StoreStatus } from './store.ts';

/** How often to check for mail left behind by processes that are gone. Milliseconds. */
const ADOPT_EVERY = 3_000;

/** Records read per turn of the event loop when a queue is taken over. */
const SLICE = 200;

/** Pause before an unreadable message is tried again. Milliseconds. */
const UNREADABLE_PAUSE = 60_000;

/** Pause before a message that an operator is acting on is due again. Milliseconds. */
const CLAIMED_PAUSE = 100;

/** Work that is being delivered. */
interface Taken {
  /** As stored on disk. */
  record: MessageRecord;
  /** Recipients not yet settled. */
  readonly unsettled: Set<string>;
  /** Pending writes about this message, in sequence. */
  writing: Promise<void> | null;
  backAt: number | null;
}

export interface QueueOptions {
  readonly store: MessageStore;
  readonly now: () => number;
  /** Called when taking over the mail of a dead process fails. */
  readonly onError: (error: unknown) => void;
}

/** Starts handing out the mail in the store, including mail left by processes that are gone, which is read in the background. */
export const openQueue = (options: QueueOptions): AdministeredQueue => new StoredQueue(options);

class StoredQueue implements AdministeredQueue {
  readonly #store: MessageStore;
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  readonly #schedule: Schedule;
  readonly #fresh = new FreshMessages();
  readonly #taken = new Map<string, Taken>();
  /** Messages whose record is being read, to be taken or acted on: reserved meanwhile. */
  readonly #claimed = new Map<string, Promise<unknown>>();
  readonly #adoption: NodeJS.Timeout;
  #adopting: Promise<void>;
  #closed = false;

  constructor({ store, now, onError }: QueueOptions) {
    this.#store = store;
    this.#now = now;
    this.#onError = onError;
    this.#schedule = new Schedule(now);
    this.#adopting = this.#attempt(() => this.#enrolAll(store.records())).then(() => this.#adopt());
    this.#adoption = setInterval(() => {
      this.#adopting = this.#adopting.then(() => this.#adopt());
    }, ADOPT_EVERY);
    this.#adoption.unref();
  }

  async enqueue(record: MessageRecord, content: MessageContent): Promise<void> {
    if (this.#closed) throw new Error('the queue is closed');
    const single = withoutDoubles(record);
    await this.#store.add(single, content);
    this.#fresh.set(single, content);
    this.#enrol(single);
  }

  backlog(): Iterable<Backlog> {
    return this.#schedule.backlog();
  }

  take(destination?: string): Work | Promise<Work | null> | null {
    while (!this.#closed) {
      const id = this.#schedule.take(destination);
      if (id === null) return null;
      const work = this.#taking(id);
      if (work) return work;
    }
    return null;
  }

  #taking(id: string): Work | Promise<Work | null> | null {
    const fresh = this.#fresh.get(id);
    if (!this.#claimed.has(id)) return fresh ? this.#hand(fresh.record) : this.#claim(id, this.#load(id));
    this.#schedule.again(id, this.#now() + CLAIMED_PAUSE);
    return null;
  }

  /** A missing message is dropped; one that the store cannot read right now is retried. */
  async #load(id: string): Promise<Work | null> {
    try {
      const record = await this.#store.get(id);
      if (!record) this.#forget(id);
      return record && !this.#closed ? this.#hand(record) : null;
    } catch (error) {
      this.#schedule.again(id, this.#now() + UNREADABLE_PAUSE);
      this.#onError(error);
      return null;
    }
  }

  #claim<T>(id: string, work: Promise<T>): Promise<T> {
    const claim = work.finally(() => this.#claimed.delete(id));
    this.#claimed.set(id, claim);
    return claim;
  }

  /** `null` if it turns out not to be due. */
  #hand(record: MessageRecord): Work | null {
    const recipients = record.state === 'queued' ? dueRecipients(record, this.#now()) : [];
    if (recipients.length === 0) {
      this.#enrol(record);
      return null;
    }
    this.#taken.set(record.id, { record, unsettled: new Set(recipients), writing: null, backAt: null });
    return { id: record.id, record, recipients, destination: destinationOf(record) };
  }

  async content(id: string): Promise<MessageContent | null> {
    const fresh = this.#fresh.get(id);
    if (fresh) return fresh.content;
    try {
      return await this.#store.content(id);
    } catch (error) {
      const isGone = await this.#store.get(id).then(
        (record) => record === null,
        () => false,
      );
      if (isGone) this.#forget(id);
      throw error;
    }
  }

  async settle(id: string, outcomes: readonly RecipientOutcome[], also: readonly NewMessage[] = []): Promise<void> {
    const taken = this.#taken.get(id);
    if (!taken) throw new Error(`message ${id} is not taken`);
    while (taken.writing) await taken.writing.catch(() => {});
    taken.writing = this.#record(taken, outcomes, also);
    try {
      await taken.writing;
    } finally {
      taken.writing = null;
      this.#finish(id, taken);
    }
  }

  async #record(taken: Taken, outcomes: readonly RecipientOutcome[], also: readonly NewMessage[]): Promise<void> {
    const record = withOutcomes(taken.record, outcomes);
    if (nextAttempt(record) === null) await this.#store.remove(record.id, also);
    else await this.#store.update(record, also);
    taken.record = record;
    this.#fresh.delete(record.id);
    for (const { address } of outcomes) taken.unsettled.delete(address);
    for (const message of also) this.#enrol(message.record);
  }

  giveBack(id: string, at: number): void {
    const taken = this.#taken.get(id);
    if (!taken) return;
    taken.backAt = at;
    if (!taken.writing) this.#finish(id, taken);
  }

  /** Work ends when all recipients are settled or the rest is given back. */
  #finish(id: string, taken: Taken): void {
    if (taken.writing || this.#taken.get(id) !== taken) return;
    if (taken.unsettled.size > 0 && taken.backAt === null) return;
    this.#taken.delete(id);
    const next = nextAttempt(taken.record);
    if (next === null) this.#forget(id);
    else if (taken.record.state === 'queued') this.#schedule.set(taken.record, Math.max(next, taken.backAt ?? 0));
  }

  record(id: string): Promise<MessageRecord | null> {
    return this.#store.get(id);
  }

  async act(id: string, action: QueueAction): Promise<ActionResult> {
    if (this.#taken.has(id) || this.#claimed.has(id)) return 'busy';
    return this.#claim(id, this.#act(id, action));
  }

  async #act(id: string, action: QueueAction): Promise<ActionResult> {
    const record = await this.#store.get(id);
    if (!record) return 'missing';
    const wanted = action === 'delete' ? record : afterAction(record, action, this.#now());
    if (!wanted) return 'refused';
    this.#forget(id);
    try {
      await (action === 'delete' ? this.#store.remove(id) : this.#store.update(wanted));
    } catch (error) {
      this.#enrol(record);
      throw error;
    }
    if (action !== 'delete') this.#enrol(wanted);
    return 'done';
  }

  onDue(listener: () => void): () => void {
    return this.#schedule.onDue(listener);
  }

  status(): StoreStatus {
    return this.#store.status();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#adoption);
    this.#schedule.stop();
    await this.#adopting;
    await Promise.allSettled(this.#claimed.values());
    await Promise.all([...this.#taken.values()].map(({ writing }) => writing?.catch(() => {})));
  }

  async #adopt(): Promise<void> {
    if (this.#closed) return;
    await this.#attempt(async () => this.#enrolAll(this.#recordsOf(await this.#store.adopt())));
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#onError(error);
    }
  }

  async *#recordsOf(ids: readonly string[]): AsyncGenerator<MessageRecord> {
    for (const id of ids) {
      const record = await this.#store.get(id);
      if (record) yield record;
    }
  }

  async #enrolAll(records: AsyncIterable<MessageRecord>): Promise<void> {
    let count = 0;
    for await (const record of records) {
      if (this.#closed) return;
      if (!this.#schedule.has(record.id)) this.#enrol(record);
      if (++count % SLICE === 0) await turn();
    }
  }

  #enrol(record: MessageRecord): void {
    const next = nextAttempt(record);
    if (record.state === 'queued' && next !== null) this.#schedule.set(record, next);
    else this.#fresh.delete(record.id);
  }

  #forget(id: string): void {
    this.#schedule.forget(id);
    this.#fresh.delete(id);
  }
}
