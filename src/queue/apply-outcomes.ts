import type { MessageRecord, RecipientState } from './message.ts';
import type { RecipientOutcome } from './queue.ts';

const settled = (recipient: RecipientState, outcome: RecipientOutcome): RecipientState => {
  switch (outcome.fate) {
    case 'postponed':
      return { ...recipient, nextAttempt: outcome.nextAttempt };
    case 'deferred':
      return {
        ...recipient,
        attempts: recipient.attempts + (recipient.asked === true ? 0 : 1),
        asked: false,
        nextAttempt: outcome.nextAttempt,
        delayNoticed: recipient.delayNoticed || outcome.delayNoticed === true,
        last: outcome.report,
      };
    default:
      return Object.assign({}, recipient, { status: outcome.fate, attempts: recipient.attempts + 1, last: outcome.report });
  }
};

/** The record with the outcomes of some recipients applied. Recipients no longer open stay unchanged. */
export const withOutcomes = (record: MessageRecord, outcomes: readonly RecipientOutcome[]): MessageRecord => {
  const fates = new Map(outcomes.map((outcome) => [outcome.address, outcome]));
  const recipients = record.recipients.map((recipient) => {
    const outcome = fates.get(recipient.address);
    return outcome && recipient.status === 'open' ? settled(recipient, outcome) : recipient;
  });
  return Object.assign({}, record, { recipients });
};

/** Open recipients that are due. */
export const dueRecipients = (record: MessageRecord, now: number): readonly string[] =>
  record.recipients.filter(({ status, nextAttempt }) => status === 'open' && nextAttempt <= now).map(({ address }) => address);

/** One entry per address: a recipient named twice gets one copy. RFC 5321 leaves that to the server; the first entry's parameters count. */
export const withoutDoubles = (record: MessageRecord): MessageRecord => {
  if (record.recipients.length < 2) return record;
  const first = new Map<string, RecipientState>();
  for (const recipient of record.recipients) if (!first.has(recipient.address)) first.set(recipient.address, recipient);
  return first.size === record.recipients.length ? record : { ...record, recipients: [...first.values()] };
};
