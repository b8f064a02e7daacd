import type { MessageRecord } from './message.ts';
import type { QueueAction } from './queue.ts';

const dueNow = (record: MessageRecord, now: number, asked: boolean): MessageRecord => ({
  ...record,
  recipients: record.recipients.map((recipient) => (recipient.status === 'open' ? { ...recipient, nextAttempt: now, asked } : recipient)),
});

/** Time in quarantine does not count against its lifetime; otherwise it would bounce as soon as it is released. */
const withFullLifetime = (record: MessageRecord, now: number): MessageRecord => ({
  ...record,
  state: 'queued',
  reason: '',
  expires: Math.max(record.expires, now + record.expires - record.arrived),
});

/** The record after this action; `null` if the action does not apply in its state. */
export const afterAction = (record: MessageRecord, action: Exclude<QueueAction, 'delete'>, now: number): MessageRecord | null => {
  switch (action) {
    case 'retry':
      return record.state === 'queued' ? dueNow(record, now, true) : null;
    case 'hold':
      return record.state === 'queued' ? { ...record, state: 'held', reason: 'held by an operator' } : null;
    case 'release':
      return record.state === 'queued' ? null : dueNow(withFullLifetime(record, now), now, false);
    case 'quarantine':
      return record.state === 'quarantined' ? null : { ...record, state: 'quarantined', reason: 'quarantined by an operator' };
  }
};
