import type { MessageRecord, RecipientNotice } from '../queue/message.ts';

/*
 * What a client may ask for beyond the report of a failure that RFC 5321 6.1 demands: word of success, and its whole
 * message back. Who gives a false sender could send mail to anybody that way, with nothing failing and no grant. So
 * these wishes are kept, here and at the next hop, only where a grant would let the sender's address in.
 */

type Notify = NonNullable<RecipientNotice['notify']>;

/** Without SUCCESS; a sender who asked for nothing else gets NEVER. RFC 3461 4.1. */
const withoutSuccess = (notify: Notify): Notify => {
  const rest = notify.filter((wish) => wish !== 'success');
  return rest.length === 0 ? ['never'] : rest;
};

const asksForMore = ({ envelope, recipients }: MessageRecord): boolean =>
  envelope.sender !== '' && (envelope.ret === 'full' || recipients.some(({ notify }) => notify?.includes('success')));

const modest = (record: MessageRecord): MessageRecord => ({
  ...record,
  envelope: record.envelope.ret === 'full' ? { ...record.envelope, ret: 'headers' } : record.envelope,
  recipients: record.recipients.map((recipient) =>
    recipient.notify?.includes('success') ? { ...recipient, notify: withoutSuccess(recipient.notify) } : recipient,
  ),
});

/** Whether a grant would let the sender's address in, from the client that the message came from. */
export type MayReport = (record: MessageRecord) => boolean | Promise<boolean>;

/** The record as an attempt is to read it. */
export const withGrantedWishes = (record: MessageRecord, mayReport: MayReport): MessageRecord | Promise<MessageRecord> => {
  if (!asksForMore(record)) return record;
  const may = mayReport(record);
  if (may instanceof Promise) return may.then((granted) => (granted ? record : modest(record)));
  return may ? record : modest(record);
};
