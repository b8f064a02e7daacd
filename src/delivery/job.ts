import type { Route } from '../policy/decision.ts';
import type { MessageRecord, RecipientState } from '../queue/message.ts';
import type { Target } from './target.ts';

/** Recipients of one message with the same route and destination: one transaction, one attempt. */
export interface Job {
  readonly record: MessageRecord;
  /** At least one, at most as many as `RecipientLimits` allows. */
  readonly recipients: readonly RecipientState[];
  readonly route: Route;
  readonly target: Target;
  /** Domain of the recipients; empty unless the target is `mx`. */
  readonly domain: string;
  /** Destination key: jobs with the same key share connections, limits and back-off. */
  readonly key: string;
}

export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();
