import type { BodyStorage } from '../message/body-writer.ts';
import type { MessageContent, MessageRecord } from './message.ts';

export interface StoreStatus {
  readonly queued: number;
  readonly held: number;
  readonly quarantined: number;
  /** Entries set aside because they did not fit their checksum. */
  readonly corrupt: number;
}

/** A message that is to be queued: what is known about it, and its bytes. */
export interface NewMessage {
  readonly record: MessageRecord;
  readonly content: MessageContent;
}

/** An entry that did not fit its checksum, for the log. */
export interface Damage {
  /** Empty where not even that can be read. */
  readonly id: string;
  readonly where: string;
  readonly reason: string;
  /** Where the bytes were kept, or `null` if that failed too. */
  readonly keptIn: string | null;
}

export type ReportDamage = (damage: Damage) => void;

/**
 * What durable means, and nothing else: no schedule, no delivery. Every store runs the suite in
 * `test/queue/conformance.ts`. A promise that resolves has reached the disk; one that rejects has left
 * what was there before. A large body that is arriving goes to `newBody`; `add` takes it over.
 */
export interface MessageStore extends BodyStorage {
  /** A new message. Rejects with `code: 'ENOSPC'` and kin as the system gives them. */
  add(record: MessageRecord, content: MessageContent): Promise<void>;
  /** Replaces the record of a message, its content unchanged; together with further new messages (a DSN) in one step: all or none. */
  update(record: MessageRecord, also?: readonly NewMessage[]): Promise<void>;
  /** The message and its bytes are gone; likewise in one step with new ones. */
  remove(id: string, also?: readonly NewMessage[]): Promise<void>;
  /** `null` if this store has no such message. */
  get(id: string): Promise<MessageRecord | null>;
  /** Rejects when the entry does not fit its checksum; it is then set aside. */
  content(id: string): Promise<MessageContent | null>;
  /** All records of this process, oldest first, without content. One that goes meanwhile may be left out. */
  records(): AsyncIterable<MessageRecord>;
  /** Takes over the messages of processes that are gone, and gives their ids. Of several processes that try, one gets each. What this store added itself is not among them. */
  adopt(): Promise<readonly string[]>;
  /** Messages of this process, counted as they come and go: asked often, so it waits for nothing. */
  status(): StoreStatus;
  /** Waits for what is being written; what is left belongs to nobody then, and may be adopted. */
  close(): Promise<void>;
}
