import type { MessageRecord, RecipientState } from '../queue/message.ts';
import type { DeliverySettings } from './settings.ts';

const SPREAD = 0.1;

/** The input of the schedule. */
export interface Moment {
  readonly now: number;
  /** From 0 up to, but not including, 1. */
  readonly random: number;
}

/**
 * When to try again after a deferral: the schedule's delay for this attempt, varied by up to a tenth so that
 * messages that failed together do not all return together, and once more at the very end of the message's lifetime. An
 * attempt requested by an operator is outside the schedule: the delay it interrupted applies again.
 */
export const nextAttempt = (record: MessageRecord, recipient: RecipientState, retry: DeliverySettings['retry'], moment: Moment): number => {
  const made = recipient.asked === true ? Math.max(0, recipient.attempts - 1) : recipient.attempts;
  const delay = retry[Math.min(made, retry.length - 1)] ?? 0;
  const due = moment.now + Math.round(delay * (1 - SPREAD + 2 * SPREAD * moment.random));
  return moment.now < record.expires ? Math.min(due, record.expires) : due;
};

/** The message has expired: a deferral now is a failure (RFC 5321 4.5.4.1). */
export const isExpired = (record: MessageRecord, now: number): boolean => now >= record.expires;

/** Due earlier than scheduled: an operator asked for a retry, or this is the last attempt before expiry. */
export const isEarly = ({ attempts, asked, last, nextAttempt: due }: RecipientState, retry: DeliverySettings['retry']): boolean => {
  if (asked === true) return true;
  const delay = retry[Math.min(attempts - 1, retry.length - 1)] ?? 0;
  return last !== null && attempts > 0 && due < last.at + Math.floor(delay * (1 - SPREAD));
};
