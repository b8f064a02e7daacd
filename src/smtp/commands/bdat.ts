import { data as runDataHook } from '../../transaction/data.ts';
import { after, type Eventually } from '../../transaction/eventually.ts';
import { REPLIES } from '../../transaction/replies.ts';
import type { Transaction } from '../../transaction/transaction.ts';
import { type Answer, answer, refusal } from '../answer.ts';
import type { Chunk, ChunkReceivers, Receiver } from '../receiver.ts';
import type { SmtpSession } from '../session/session.ts';
import { ChunkedMessage, ChunkReader, swallowing } from '../submission/chunks.ts';
import { Reception } from '../submission/reception.ts';
import { LineCheck } from '../wire/line-check.ts';
import type { LineFeeds } from '../wire/loose-message.ts';

/** No reply yet: the chunk follows at once (RFC 3030 2). */
const LISTEN: Answer = { code: 0, text: '', next: 'message' };

/** RFC 3030 2. The `data` hook runs at the first chunk. After an unreadable length we cannot tell where commands resume, so the connection ends. */
export const bdat = (session: SmtpSession, argument: string): Eventually<Answer> => {
  const [, length, last] = /^(\d{1,15})( LAST)?$/i.exec(argument) ?? [];
  if (length === undefined) return answer(REPLIES.badArguments, 'close');
  const chunk = { length: Number(length), isLast: last !== undefined };
  const { transaction } = session;
  if (transaction === null) return swallow(session, chunk, answer(REPLIES.badSequence));
  if (transaction.recipientCount === 0) return swallow(session, chunk, answer(REPLIES.noRecipients));
  return session.chunks === null ? begin(session, transaction, chunk) : listen(session, session.chunks, chunk);
};

const begin = (session: SmtpSession, transaction: Transaction, chunk: Chunk): Eventually<Answer> =>
  after(runDataHook(session), (outcome) => {
    if (outcome.kind === 'refuse') return swallow(session, chunk, refusal(outcome));
    session.chunks = new ChunkedMessage(session, new Reception(session, transaction));
    return listen(session, session.chunks, chunk);
  });

const listen = (session: SmtpSession, message: ChunkReceivers, chunk: Chunk): Eventually<Answer> =>
  expect(session, chunk, { check: message.check, mending: message.mending, receiver: message.receiver(chunk) });

const swallow = (session: SmtpSession, chunk: Chunk, said: Answer): Eventually<Answer> =>
  expect(session, chunk, { check: new LineCheck(), mending: null, receiver: swallowing(said) });

const expect = (
  session: SmtpSession,
  { length }: Chunk,
  { check, mending, receiver }: { check: LineCheck; mending: LineFeeds | null; receiver: Receiver },
): Eventually<Answer> => {
  if (length === 0) return receiver.finish(null);
  session.receiving = { reader: new ChunkReader(length, check, mending), receiver };
  return LISTEN;
};
