import type { Decision } from '../policy/decision.ts';
import type { DnsService } from '../policy/services.ts';
import type { Scalar } from '../policy/value.ts';
import type { DeliveryReport, MessageRecord, RecipientState } from '../queue/message.ts';
import type { MailQueue } from '../queue/queue.ts';
import type { DeliverySettings } from './settings.ts';
import type { MayReport } from './wishes.ts';

/** Facts that only delivery knows, by their names in the policy: `destination`, `attempt`, `age`, `reply.code`, `reply.text`. */
export type DeliveryFacts = Readonly<Record<string, Scalar>>;

/** Evaluates a delivery hook for one recipient. Returns no promise if the decision needs no look-up. */
export type DeliveryHook = (record: MessageRecord, recipient: RecipientState, facts: DeliveryFacts) => Decision | Promise<Decision>;

/** What delivery needs from the rest of the relay. */
export interface DeliveryParts {
  readonly queue: MailQueue;
  readonly dns: Pick<DnsService, 'mx' | 'addresses'>;
  /** Read for each attempt, so that a reload takes effect at once. */
  readonly settings: () => DeliverySettings;
  /** `get_mx` */
  readonly routeFor: DeliveryHook;
  readonly hooks: Readonly<Record<'delivered' | 'deferred' | 'bounce', DeliveryHook>>;
  /** If left out, every sender gets the reports it asks for. */
  readonly mayReport?: MayReport;
  /** Reads the password of a route's `auth`. */
  readonly password: (file: string) => Promise<string>;
  readonly log: (event: DeliveryEvent) => void;
  readonly now: () => number;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
  /** A queue id for a message that the relay writes itself. */
  readonly newId: () => string;
}

/** The outcome for one recipient, or an error of the queue itself: for the log and the counters. */
export type DeliveryEvent =
  | {
      readonly event: 'delivered' | 'deferred' | 'failed';
      readonly record: MessageRecord;
      readonly recipient: string;
      readonly destination: string;
      readonly report: DeliveryReport;
      readonly attempt: number;
      /** Milliseconds since arrival. */
      readonly age: number;
      readonly nextAttempt: number | null;
    }
  | { readonly event: 'postponed'; readonly record: MessageRecord; readonly recipient: string; readonly nextAttempt: number }
  /** `record` is the DSN, `about` the message it reports on. */
  | { readonly event: 'notice'; readonly record: MessageRecord; readonly about: string }
  | { readonly event: 'trouble'; readonly message: string; readonly error: string };
