import type { MessageContent, MessageRecord, RecipientState } from '../../src/queue/message.ts';
import type { MailQueue, Work } from '../../src/queue/queue.ts';

/** An open recipient that is due at once. */
export const recipient = (address: string, more: Partial<RecipientState> = {}): RecipientState => ({
  address,
  grant: 'test/grant',
  status: 'open',
  attempts: 0,
  nextAttempt: 0,
  delayNoticed: false,
  last: null,
  ...more,
});

/** A queued message with one recipient. */
export const record = (id: string, more: Partial<MessageRecord> = {}): MessageRecord => ({
  id,
  arrived: 1_000,
  expires: 1_000_000,
  size: 20,
  envelope: { sender: 'a@example.com', body: '7bit', smtputf8: false },
  origin: { transaction: 't.1', policyVersion: 'v1', facts: {}, results: {}, tags: [], score: 0, skipped: [] },
  recipients: [recipient('b@example.net')],
  state: 'queued',
  reason: '',
  ...more,
});

export const inline = (body: string | Buffer, header = 'Subject: x\r\n\r\n'): MessageContent => ({
  header: Buffer.from(header),
  body: { kind: 'inline', bytes: Buffer.from(body) },
});

/** The next work of a destination or of any, read from the store if need be; `null` if nothing is due. */
export const takeFrom = async (queue: MailQueue, destination?: string): Promise<Work | null> => {
  for (;;) {
    const next = queue.take(destination);
    const work = await next;
    if (work || next === null) return work;
  }
};
