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

/**
 * What durable means, and nothing else: no schedule, no delivery. Every store runs the suite in
 * `test/queue/conformance.ts`. A promise that resolves has reached the disk; one that rejects has left
 * what was there before.
 */
export interface MessageStore {
  /** A new message. Rejects with `code: 'ENOSPC'` and kin as the system gives them. */
  add(record: MessageRecord, content: MessageContent): Promise<void>;
  /** Replaces the record of a message, its content unchanged; together with further new messages (a DSN) in one step: all or none. */
  update(record: MessageRecord, also?: readonly NewMessage[]): Promise<void>;
  /** The message and its bytes are gone; likewise in one step with new ones. */
  remove(id: string, also?: readonly NewMessage[]): Promise<void>;
  get(id: string): MessageRecord | null;
  /** Rejects when the entry does not fit its checksum; it is then set aside. */
  content(id: string): Promise<MessageContent | null>;
  /** All records of this process, oldest first, without content. */
  records(): Iterable<MessageRecord>;
  /** A fresh file in the store's own file system for a body that is still arriving; `add` takes it over, `discardFile` gives it up. */
  bodyFile(): Promise<{ readonly file: string; readonly handle: import('node:fs/promises').FileHandle }>;
  discardFile(file: string): Promise<void>;
  /** Takes over the messages of processes that are gone, and gives their ids. Of several processes that try, one gets each. What this store added itself is not among them. */
  adopt(): Promise<readonly string[]>;
  status(): StoreStatus;
  /** Waits for what is being written; what is left belongs to nobody then, and may be adopted. */
  close(): Promise<void>;
}
