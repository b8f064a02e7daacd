import { IncomingMessage, type ReceivedMessage } from '../../message/incoming.ts';
import { LineCheck } from '../../smtp/wire/line-check.ts';
import { LineFeeds } from '../../smtp/wire/loose-message.ts';
import { faultRefusal } from '../../transaction/fault.ts';
import { type Refusal, refuse } from '../../transaction/outcome.ts';
import { REPLIES } from '../../transaction/replies.ts';
import type { MessageLimits } from '../../transaction/settings.ts';

/** Nothing of a script reaches the disk. */
const NO_BODIES = { newBody: () => Promise.reject(new Error('a dry run keeps its message in memory')) };

const NOTHING = Buffer.alloc(0);

const CRLF = Buffer.from('\r\n');

/** Neither DATA nor BDAT leaves a last line without its end. */
const whole = (message: Buffer): Buffer => (message.length === 0 || message.at(-1) === CRLF[1] ? message : Buffer.concat([message, CRLF]));

/** The message of a script as the relay would receive it, or what refuses its bytes. Without one, an empty message stands in. */
export const receive = async (message: Buffer | null, limits: MessageLimits, bareLf = false): Promise<ReceivedMessage | Refusal> => {
  const came = message ?? NOTHING;
  const bytes = whole(bareLf ? new LineFeeds().mend(came) : came);
  if (bytes.length > limits.messageSize) return refuse(REPLIES.tooBig, 'limits');
  const check = new LineCheck();
  check.look(bytes);
  check.end();
  if (check.fault !== null) return refuse(REPLIES.badBytes, 'syntax');
  const incoming = new IncomingMessage({ headerSize: limits.headerSize, inMemory: Number.MAX_SAFE_INTEGER, bodies: NO_BODIES });
  try {
    await incoming.write(bytes);
    return await incoming.finish();
  } catch (fault) {
    return faultRefusal(fault);
  }
};
