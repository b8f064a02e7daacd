import type { MessageRecord } from '../../queue/message.ts';
import type { Identity } from '../../transaction/identity.ts';

/** Who a queued message is from and how it came, as its record has kept it: the same keys as in the lines of the session. */
export const recordIdentity = ({ id, size, envelope, origin }: MessageRecord): Identity => {
  const { transaction, messageId, facts } = origin;
  const text = (fact: string): string | undefined => {
    const value = facts[fact];
    return typeof value === 'string' ? value : undefined;
  };
  const nameless = origin.unknown?.facts?.['client.ip'] === undefined ? 'unix' : 'unknown';
  return {
    queueId: id,
    connection: /^(.+)\.\d+$/.exec(transaction)?.[1],
    transaction,
    listener: text('listener'),
    client: text('client.ip') ?? (facts.listener === undefined ? undefined : nameless),
    port: typeof facts['client.port'] === 'number' ? facts['client.port'] : undefined,
    rdns: text('client.rdns'),
    helo: text('helo.name'),
    tls: tlsOf(facts),
    login: text('auth.user'),
    attemptedLogin: undefined,
    sender: envelope.sender,
    recipients: undefined,
    moreRecipients: undefined,
    messageId,
    size,
  };
};

/** As the lines of the session have it; mail of our own came over no connection. */
const tlsOf = (facts: MessageRecord['origin']['facts']): string | undefined => {
  const { 'tls.version': version, 'tls.cipher': cipher } = facts;
  if (version !== undefined) return `${version} ${cipher ?? ''}`.trimEnd();
  return facts.listener === undefined ? undefined : 'none';
};
