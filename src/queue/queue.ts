import type { DeliveryReport, MessageContent, MessageRecord } from './message.ts';
import type { NewMessage, StoreStatus } from './store.ts';

/**
 * One message with those of its recipients that are open and due. Its taker is the only one who
 * has it, in all processes of the relay, until it is settled.
 */
export interface Work {
  readonly id: string;
  /** As it stood when the work was taken. */
  readonly record: MessageRecord;
  /** Addresses, as they stand in `record.recipients`; never empty. */
  readonly recipients: readonly string[];
  /** Domain of the recipients in lower case if they all have the same, else empty. */
  readonly destination: string;
}

/** What became of one recipient in one attempt. */
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
  /** Nothing was tried (no connection was free, a rule held it): costs no attempt. */
  | { readonly fate: 'postponed'; readonly address: string; readonly nextAttempt: number };

/** How much is due for one destination. */
export interface Backlog {
  readonly destination: string;
  readonly due: number;
}

/**
 * What an operator may do to a queued message. `retry`: its open recipients are due now, at no cost of an
 * attempt. `hold`: not tried until released. `release`: held or quarantined mail goes on its way.
 */
export type QueueAction = 'retry' | 'hold' | 'release' | 'delete' | 'quarantine';

/** `busy`: it is being delivered right now. `refused`: makes no sense in its state. */
export type ActionResult = 'done' | 'missing' | 'busy' | 'refused';

/**
 * Hands out due work and records what became of it. It knows when, not where to and not how: routes,
 * fairness between destinations and retry times are delivery's.
 */
export interface MailQueue {
  /** Resolves when the message is durable; it is then due. Rejects with the system's `code` (`ENOSPC`, `EIO`), nothing kept. */
  enqueue(record: MessageRecord, content: MessageContent): Promise<void>;
  /** Destinations with due work, in the order in which each last got a turn. */
  backlog(): Iterable<Backlog>;
  /**
   * The oldest due work of a destination, or of whichever destination has waited longest; `null` if nothing is due.
   * Marks it taken. Work that is not in memory is read first: a promise of it, of `null` if the message turned out to be
   * gone or not due, and then there may be more. It never rejects.
   */
  take(destination?: string): Work | Promise<Work | null> | null;
  /** Header and body; from memory if the message has just come. Rejects if the entry does not fit its checksum: it is then set aside and gone from the queue. `null`: no such message. */
  content(id: string): Promise<MessageContent | null>;
  /**
   * Records outcomes of recipients of work that was taken, durably and in one step with new messages (a
   * DSN). May be called several times for one work, with some of its recipients each. When the last is
   * settled the work is given back. Rejects if the disk does: then nothing is recorded, the recipient
   * counts as open and the caller may settle it again or give it back.
   */
  settle(id: string, outcomes: readonly RecipientOutcome[], also?: readonly NewMessage[]): Promise<void>;
  /** Gives back what is not settled of taken work, to be due again at `nextAttempt`; nothing is written. */
  giveBack(id: string, nextAttempt: number): void;
  /** Calls `listener` whenever something may have become due. Returns how to stop that. */
  onDue(listener: () => void): () => void;
  status(): StoreStatus;
  /** Waits for what is being written; takes and gives out nothing more. Does not close the store. */
  close(): Promise<void>;
}

/** A queue whose messages an operator may act on. */
export interface AdministeredQueue extends MailQueue {
  /** What is known of a message; `null` if there is none of this id here. */
  record(id: string): Promise<MessageRecord | null>;
  /** Durable when it resolves with `done`. Rejects if the store does; the message is then as it was. */
  act(id: string, action: QueueAction): Promise<ActionResult>;
}
