import type { MessageRecord, RecipientNotice } from '../queue/message.ts';

/*
 * What a client may request beyond the failure report that RFC 5321 6.1 requires: a report of success, and the whole
 * message back. With a forged sender that would send mail to anybody, without a failure and without a grant. So these
 * requests are honoured, here and at the next hop, only if a grant would allow mail to the sender's address.
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

/** Whether a grant would allow mail to the sender's address from the client that sent the message. */
export type MayReport = (record: MessageRecord) => boolean | Promise<boolean>;

/** The record with only the granted requests, for use by an attempt. */
export const withGrantedWishes = (record: MessageRecord, mayReport: MayReport): MessageRecord | Promise<MessageRecord> => {
  if (!asksForMore(record)) return record;
  const may = mayReport(record);
  if (may instanceof Promise) return may.then((granted) => (granted ? record : modest(record)));
  return may ? record : modest(record);
};
