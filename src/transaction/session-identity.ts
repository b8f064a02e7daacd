import { clipped, clippedText, type Identity, namedRecipients } from './identity.ts';
import type { Session } from './session.ts';

/** What is known about the session and the transaction that is open or has just ended. */
export const identityOf = (session: Session): Identity => {
  const { id, listener, client, helo, tls, user, attemptedLogin, facts, subject } = session;
  return {
    connection: id,
    transaction: subject?.id,
    listener: listener.name,
    client: client.isUnknown === true ? 'unknown' : client.ip === '' ? 'unix' : client.ip,
    port: client.ip === '' ? undefined : client.port,
    rdns: clippedText(facts.get('client.rdns')),
    helo: helo === null ? undefined : clipped(helo.name),
    tls: tls === null ? 'none' : `${tls.version} ${tls.cipher}`,
    login: user === null ? undefined : clipped(user),
    attemptedLogin: attemptedLogin === null ? undefined : clipped(attemptedLogin),
    sender: subject === null ? undefined : clipped(subject.sender),
    ...namedRecipients(subject?.recipients ?? []),
    messageId: clippedText(subject?.message?.header.values('message-id')[0]),
    size: subject?.message?.size ?? subject?.parameters.size ?? undefined,
    queueId: subject?.queueId ?? undefined,
  };
};
