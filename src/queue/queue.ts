import type { DeliveryReport, MessageContent, MessageRecord } from './message.ts';
import type { NewMessage, StoreStatus } from './store.ts';

/**
 * One message with its open and due recipients. Until it is settled, only its taker has it, across all
 * processes of the relay.
 */
export interface Work {
  readonly id: string;
  /** As of when the work was taken. */
  readonly record: MessageRecord;
  /** Addresses as in `record.recipients`; never empty. */
  readonly recipients: readonly string[];
  /** The recipients' domain in lower case if they share one, otherwise empty. */
  readonly destination: string;
}

/** The outcome of one attempt for one recipient. */
export type RecipientOutcome =
  | { readonly fate: 'delivered' | 'relayed' | 'failed' | 'expanded'; readonly address: string; readonly report: DeliveryReport }
  /** Counts as an attempt. `delayNoticed`: a delay notice is among the new messages. */
  | {
      readonly fate: 'deferred';
      readonly address: string;
      readonly report: DeliveryReport;
      readonly nextAttempt: number;
      readonly delayNoticed?: boolean;
    }
  /** Nothing was tried (no free connection, held by a rule): does not count as an attempt. */
  | { readonly fate: 'postponed'; readonly address: string; readonly nextAttempt: number };

/** The amount of due work for one destination. */
export interface Backlog {
  readonly destination: string;
  readonly due: number;
}

/**
 * What an operator may do to a queued message. `retry`: its open recipients are due now, without using up an
 * attempt. `hold`: not tried until released. `release`: delivers held or quarantined mail.
 */
export type QueueAction = 'retry' | 'hold' | 'release' | 'delete' | 'quarantine';

/** `busy`: it is being delivered right now. `refused`: does not apply in its state. */
export type ActionResult = 'done' | 'missing' | 'busy' | 'refused';

/**
 * Hands out due work and records the outcomes. It decides only when: routes, fairness between destinations
 * and retry times are up to delivery.
 */
export interface MailQueue {
  /** Resolves when the message is durable; it is then due. Rejects with the system's `code` (`ENOSPC`, `EIO`) and keeps nothing. */
  enqueue(record: MessageRecord, content: MessageContent): Promise<void>;
  /** Destinations with due work, longest since its last turn first. */
  backlog(): Iterable<Backlog>;
  /**
   * The oldest due work of a destination, or of the destination that has waited longest; `null` if nothing is due.
   * Marks it taken. Work not in memory is read first and returned as a promise, which never rejects; it resolves to
   * `null` if the message turned out to be gone or not due, and there may be more work then.
   */
  take(destination?: string): Work | Promise<Work | null> | null;
  /** Header and body; from memory if the message is new. Rejects if the entry fails its checksum: it is then set aside and removed from the queue. `null`: no such message. */
  content(id: string): Promise<MessageContent | null>;
  /**
   * Records outcomes for recipients of taken work, durably and in one step with new messages (a DSN). May be
   * called several times, each time with some of the recipients. When the last is settled the work is given
   * back. Rejects on a disk error: then nothing is recorded, the recipients are still open, and the caller may
   * settle them again or give them back.
   */
  settle(id: string, outcomes: readonly RecipientOutcome[], also?: readonly NewMessage[]): Promise<void>;
  /** Gives back unsettled recipients of taken work, due again at `nextAttempt`; writes nothing. */
  giveBack(id: string, nextAttempt: number): void;
  /** Calls `listener` whenever something may have become due. Returns a function that stops it. */
  onDue(listener: () => void): () => void;
  status(): StoreStatus;
  /** Waits for pending writes; accepts and hands out nothing more. Does not close the store. */
  close(): Promise<void>;
}

/** A queue whose messages an operator may act on. */
export interface AdministeredQueue extends MailQueue {
  /** The record of a message; `null` if there is none with this id here. */
  record(id: string): Promise<MessageRecord | null>;
  /** Durable when it resolves with `done`. Rejects if the store does; the message is then unchanged. */
  act(id: string, action: QueueAction): Promise<ActionResult>;
}
