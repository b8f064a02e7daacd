import { parseMailbox } from '../syntax/mailbox.ts';
import type { Session } from './session.ts';

/** The address a rule made; `null`, and a word in the log, where its template got it wrong: mail must not go there, and the client is not to blame. */
export function madeAddress(session: Session, text: string): string | null {
  const mailbox = parseMailbox(text, true);
  if (mailbox === null) {
    const { id, transaction, settings } = session;
    settings.log.error({ connection: id, transaction: transaction?.id, address: text }, 'a rule made an address that is none');
  }
  return mailbox?.address ?? null;
}
