import type { DeliveryReport, MessageRecord, RecipientState } from '../../queue/message.ts';
import type { RecipientResult } from '../result.ts';

/** What a DSN says about one recipient (RFC 3464 2.3.3). */
export type Action = 'failed' | 'delayed' | 'delivered' | 'relayed';

export interface NoticeLine {
  readonly recipient: RecipientState;
  readonly action: Action;
  readonly report: DeliveryReport;
}

type Wish = 'success' | 'failure' | 'delay';

/** RFC 3461 4.1: without NOTIFY the sender is told of failures, and of delays if the relay reports them at all. */
const wants = ({ notify }: RecipientState, wish: Wish): boolean => (notify?.length ? notify.includes(wish) : wish !== 'success');

/** Never a report about a report: the null sender gets none, whatever was requested (RFC 5321 4.5.5). */
const mayReport = (record: MessageRecord): boolean => record.envelope.sender !== '';

/** What the sender is told about an outcome, if anything; `delayLine` reports deferrals. */
export const outcomeLine = (record: MessageRecord, recipient: RecipientState, result: RecipientResult): NoticeLine | null => {
  if (!mayReport(record) || result.result === 'deferred') return null;
  if (result.result === 'failed') return wants(recipient, 'failure') ? { recipient, action: 'failed', report: result.report } : null;
  if (result.duty === 'passed' || !wants(recipient, 'success')) return null;
  return { recipient, action: result.duty === 'final' ? 'delivered' : 'relayed', report: result.report };
};

/** Reported once, when the message is older than `after` milliseconds; `null`: never. */
export const delayLine = (
  record: MessageRecord,
  recipient: RecipientState,
  seen: { readonly report: DeliveryReport; readonly after: number | null },
): NoticeLine | null => {
  const due = seen.after !== null && seen.report.at - record.arrived >= seen.after;
  if (!due || recipient.delayNoticed || !mayReport(record) || !wants(recipient, 'delay')) return null;
  return { recipient, action: 'delayed', report: seen.report };
};
