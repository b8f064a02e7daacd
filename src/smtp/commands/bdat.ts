import { type Answer, answer, refusal } from '../answer.ts';
import { after, type Eventually } from '../eventually.ts';
import { REPLIES } from '../replies.ts';
import { outcomeOf } from '../reply.ts';
import { runHook } from '../session/hooks.ts';
import { endTransaction } from '../session/lifecycle.ts';
import type { Session } from '../session/session.ts';
import { stateRecipients } from '../session/session-facts.ts';
import type { Transaction } from '../session/transaction.ts';
import { type Chunk, ChunkedMessage, ChunkReader, swallowing } from '../submission/chunks.ts';
import { type Receiver, Reception } from '../submission/reception.ts';
import { LineCheck } from '../wire/line-check.ts';

/** No reply yet: the chunk follows at once (RFC 3030 2). */
const LISTEN: Answer = { code: 0, text: '', next: 'message' };

/** RFC 3030 2. The `data` hook runs at the first chunk. A length that cannot be read leaves nobody knowing where commands go on: the end. */
export function bdat(session: Session, argument: string): Eventually<Answer> {
  const [, length, last] = /^(\d{1,15})( LAST)?$/i.exec(argument) ?? [];
  if (length === undefined) return answer(REPLIES.badArguments, 'close');
  const chunk = { length: Number(length), isLast: last !== undefined };
  const { transaction } = session;
  if (transaction === null) return swallow(session, chunk, answer(REPLIES.badSequence));
  if (transaction.recipientCount === 0) return swallow(session, chunk, answer(REPLIES.noRecipients));
  return transaction.chunks === null ? begin(session, transaction, chunk) : listen(session, transaction.chunks, chunk);
}

function begin(session: Session, transaction: Transaction, chunk: Chunk): Eventually<Answer> {
  stateRecipients(session);
  return after(runHook(session, 'data'), (decision) => {
    const outcome = outcomeOf(decision);
    if (outcome.kind === 'refuse') return after(endTransaction(session), () => swallow(session, chunk, refusal(outcome)));
    transaction.chunks = new ChunkedMessage(transaction, new Reception(session, transaction));
    return listen(session, transaction.chunks, chunk);
  });
}

const listen = (session: Session, message: ChunkedMessage, chunk: Chunk): Eventually<Answer> =>
  expect(session, chunk, { check: message.check, receiver: message.receiver(chunk) });

const swallow = (session: Session, chunk: Chunk, said: Answer): Eventually<Answer> =>
  expect(session, chunk, { check: new LineCheck(), receiver: swallowing(said) });

function expect(session: Session, { length }: Chunk, { check, receiver }: { check: LineCheck; receiver: Receiver }): Eventually<Answer> {
  if (length === 0) return receiver.finish(null);
  session.receiving = { reader: new ChunkReader(length, check), receiver };
  return LISTEN;
}
