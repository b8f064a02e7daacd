import type { Decision } from '../policy/decision.ts';
import type { DnsService } from '../policy/services.ts';
import type { Scalar } from '../policy/value.ts';
import type { DeliveryReport, MessageRecord, RecipientState } from '../queue/message.ts';
import type { MailQueue } from '../queue/queue.ts';
import type { DeliverySettings } from './settings.ts';
import type { MayReport } from './wishes.ts';

/** Facts that only delivery knows, by their names in the policy: `destination`, `attempt`, `age`, `reply.code`, `reply.text`. */
export type DeliveryFacts = Readonly<Record<string, Scalar>>;

/** Evaluates a delivery hook for one recipient. A decision that needs nothing looked up comes without a promise. */
export type DeliveryHook = (record: MessageRecord, recipient: RecipientState, facts: DeliveryFacts) => Decision | Promise<Decision>;

/** What delivery is given to work with. */
export interface DeliveryParts {
  readonly queue: MailQueue;
  readonly dns: Pick<DnsService, 'mx' | 'addresses'>;
  /** Read anew for each attempt, so that a reload takes effect at once. */
  readonly settings: () => DeliverySettings;
  /** `get_mx` */
  readonly routeFor: DeliveryHook;
  readonly hooks: Readonly<Record<'delivered' | 'deferred' | 'bounce', DeliveryHook>>;
  /** Left out, every sender may have what it asks for. */
  readonly mayReport?: MayReport;
  /** Reads the password of a route's `auth`. */
  readonly password: (file: string) => Promise<string>;
  readonly log: (event: DeliveryEvent) => void;
  readonly now: () => number;
  /** 0 up to 1. */
  readonly random: () => number;
  /** An id for a message of our own. */
  readonly newId: () => string;
}

/** What became of one recipient, or what went wrong with the queue itself: for the log and the counters. */
export type DeliveryEvent =
  | {
      readonly event: 'delivered' | 'deferred' | 'failed';
      readonly record: MessageRecord;
      readonly recipient: string;
      readonly destination: string;
      readonly report: DeliveryReport;
      readonly attempt: number;
      /** From arrival, milliseconds. */
      readonly age: number;
      readonly nextAttempt: number | null;
    }
  | { readonly event: 'postponed'; readonly record: MessageRecord; readonly recipient: string; readonly nextAttempt: number }
  /** `record` is the DSN, `about` the message it tells of. */
  | { readonly event: 'notice'; readonly record: MessageRecord; readonly about: string }
  | { readonly event: 'trouble'; readonly message: string; readonly error: string };
