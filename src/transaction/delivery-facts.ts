import { dateTime } from '../message/trace.ts';
import { SessionFacts } from '../policy/decide/session.ts';
import type { MessageRecord, RecipientState } from '../queue/message.ts';
import { hourOf, weekdayOf } from './clock.ts';
import { stateKept } from './kept-facts.ts';

/** The facts of delivery hooks: the transaction as stored in the queue, and the recipient's current state. */
export const deliveryFacts = (record: MessageRecord, recipient: RecipientState, now: number): SessionFacts => {
  const facts = new SessionFacts();
  const { origin, envelope } = record;
  stateKept(facts, origin.facts);
  facts.restore(origin);
  facts.set('transaction', 'sender.address', envelope.sender === '' ? null : envelope.sender);
  facts.set('recipient', 'recipient.address', recipient.address);
  facts.set('recipient', 'grant', recipient.grant === '' ? null : recipient.grant);
  facts.set('recipient', 'recipient.index', record.recipients.indexOf(recipient));
  facts.set('recipient', 'attempt', recipient.attempts + 1);
  facts.set('recipient', 'age', now - record.arrived);
  facts.set('transaction', 'time.hour', hourOf(now));
  facts.set('transaction', 'time.weekday', weekdayOf(now));
  facts.set('transaction', 'time.rfc5322', dateTime(now));
  return facts;
};
