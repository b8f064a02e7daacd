import { parseMailbox } from '../policy/mailbox-syntax.ts';
import { clipped } from './identity.ts';
import type { Session } from './session.ts';
import { identityOf } from './session-identity.ts';

/** The address that a rule produced, strictly one mailbox; `null`, and a line in the log, where it is invalid: no mail may go there, and the client is not to blame. */
export function producedAddress(session: Session, text: string, rule: string): string | null {
  const mailbox = parseMailbox(text, true);
  if (mailbox === null) {
    session.settings.log.error({ ...identityOf(session), by: rule, address: clipped(text) }, 'rule produced an invalid address');
  }
  return mailbox?.address ?? null;
}
