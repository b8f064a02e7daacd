import type { Session } from './session.ts';

/** Characters of one text given by a client that reach a line of a log; addresses and domains are shorter (RFC 5321 4.5.3.1). */
const TEXT_LIMIT = 320;

/** Recipients named in one line. Each has a line of its own besides: at `rcpt`, and of its delivery. */
const NAMED = 20;

/** Who a line of a log is about, as far as known at that moment. What is `undefined` is left out of the line. */
export interface Identity {
  readonly connection: string | undefined;
  readonly transaction: string | undefined;
  readonly listener: string | undefined;
  /** Address of the client; `unix` on a Unix socket. */
  readonly client: string | undefined;
  readonly port: number | undefined;
  readonly rdns: string | undefined;
  readonly helo: string | undefined;
  /** `TLSv1.3 TLS_AES_256_GCM_SHA384`, or `none`. */
  readonly tls: string | undefined;
  readonly login: string | undefined;
  /** The login of an AUTH that has not succeeded. */
  readonly attemptedLogin: string | undefined;
  /** Empty for the null sender. */
  readonly sender: string | undefined;
  readonly recipients: readonly string[] | undefined;
  /** How many recipients `recipients` does not name. */
  readonly moreRecipients: number | undefined;
  readonly messageId: string | undefined;
  /** Bytes of the message; before it has come, what MAIL declared. */
  readonly size: number | undefined;
  readonly queueId: string | undefined;
}

/** Text given by a client, cut to a length that a line can bear. */
export const clipped = (text: string): string => (text.length <= TEXT_LIMIT ? text : `${text.slice(0, TEXT_LIMIT)}…`);

/** `undefined` for whatever is not text. */
export const clippedText = (value: unknown): string | undefined => (typeof value === 'string' ? clipped(value) : undefined);

/** The recipients of a message as a line names them: the first few, and how many more there are. */
export const namedRecipients = (recipients: readonly { readonly address: string }[]): Pick<Identity, 'recipients' | 'moreRecipients'> => ({
  recipients: recipients.length === 0 ? undefined : recipients.slice(0, NAMED).map(({ address }) => clipped(address)),
  moreRecipients: recipients.length > NAMED ? recipients.length - NAMED : undefined,
});

/** All that is known of the session, and of the transaction that is open or has just ended. */
export function identityOf(session: Session): Identity {
  const { id, listener, client, helo, tls, user, attemptedLogin, facts, subject } = session;
  return {
    connection: id,
    transaction: subject?.id,
    listener: listener.name,
    client: client.ip === '' ? 'unix' : client.ip,
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
}
