import type { MessageRecord, RecipientState } from '../queue/message.ts';
import type { AcceptedMessage, AcceptedRecipient } from './settings.ts';

type Fate = Pick<RecipientState, 'status' | 'attempts' | 'nextAttempt' | 'delayNoticed' | 'last'>;

/** `Object.assign`, not spread: made for every recipient there is, and on Node 20 the spread costs microseconds. */
const recipient = (accepted: AcceptedRecipient, at: number): RecipientState => {
  const untried: Fate = { status: 'open', attempts: 0, nextAttempt: at, delayNoticed: false, last: null };
  return Object.assign(untried, accepted);
};

/** The queue's record of a message that has just been let in: nothing tried, everything due. `lifetime` in milliseconds. */
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
