import type { MessageRecord, RecipientState } from '../queue/message.ts';
import type { AcceptedMessage, AcceptedRecipient } from './settings.ts';

type Fate = Pick<RecipientState, 'status' | 'attempts' | 'nextAttempt' | 'delayNoticed' | 'last'>;

/** `Object.assign` instead of spread: this runs for every recipient, and on Node 20 a spread costs microseconds. */
const recipient = (accepted: AcceptedRecipient, at: number): RecipientState => {
  const untried: Fate = { status: 'open', attempts: 0, nextAttempt: at, delayNoticed: false, last: null };
  return Object.assign(untried, accepted);
};

/** The queue record of a newly accepted message: nothing attempted, everything due. `lifetime` in milliseconds. */
export const recordOf = (message: AcceptedMessage, size: number, lifetime: number): MessageRecord => ({
  id: message.id,
  arrived: message.arrived,
  expires: message.arrived + lifetime,
  size,
  envelope: message.envelope,
  origin: message.origin,
  recipients: message.recipients.map((accepted) => recipient(accepted, message.arrived)),
  state: message.state,
  reason: message.reason,
});
