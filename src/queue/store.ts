import type { BodyStorage } from '../message/body-writer.ts';
import type { MessageContent, MessageRecord } from './message.ts';

export interface StoreStatus {
  readonly queued: number;
  readonly held: number;
  readonly quarantined: number;
  /** Entries set aside because they failed their checksum. */
  readonly corrupt: number;
}

/** A message to be queued: its record and its bytes. */
export interface NewMessage {
  readonly record: MessageRecord;
  readonly content: MessageContent;
}

/** An entry that failed its checksum, for the log. */
export interface Damage {
  /** Empty if not even that can be read. */
  readonly id: string;
  readonly where: string;
  readonly reason: string;
  /** Where the bytes are kept, or `null` if that failed too. */
  readonly keptIn: string | null;
}

export type ReportDamage = (damage: Damage) => void;

/**
 * Durable storage and nothing else: no schedule, no delivery. Every store must pass the suite in
 * `test/queue/conformance.ts`. When a promise resolves, the change is on disk; when it rejects, the store is
 * unchanged. A large body is written to `newBody` as it arrives; `add` takes it over.
 */
export interface MessageStore extends BodyStorage {
  /** Adds a message. Rejects with the system's code, such as `ENOSPC`. */
  add(record: MessageRecord, content: MessageContent): Promise<void>;
  /** Replaces the record of a message, leaving its content unchanged; in one step with new messages (a DSN), all or nothing. */
  update(record: MessageRecord, also?: readonly NewMessage[]): Promise<void>;
  /** Removes the message and its bytes; likewise in one step with new ones. */
  remove(id: string, also?: readonly NewMessage[]): Promise<void>;
  /** `null` if this store has no such message. */
  get(id: string): Promise<MessageRecord | null>;
  /** Rejects if the entry fails its checksum; it is then set aside. */
  content(id: string): Promise<MessageContent | null>;
  /** All records of this process, oldest first, without content. One removed meanwhile may be left out. */
  records(): AsyncIterable<MessageRecord>;
  /** Takes over the messages of processes that are gone and returns their ids. If several processes try, each message goes to one of them. Messages that this store added itself are not included. */
  adopt(): Promise<readonly string[]>;
  /** Counts of this process's messages, kept up to date; called often, so it must not wait. */
  status(): StoreStatus;
  /** Waits for pending writes; remaining messages then have no owner and may be adopted. */
  close(): Promise<void>;
}
