import type { Identity } from '../transaction/identity.ts';

/** What happened in a session: one line in the log, and one in the decision log unless a decision line already covers it. */
export interface SessionEvent extends Partial<Identity> {
  readonly event: string;
  /** ISO 8601. */
  readonly time: string;
  readonly policy: string;
}
