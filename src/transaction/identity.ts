/** Characters of one client-supplied text that go into a log line; addresses and domains are shorter (RFC 5321 4.5.3.1). */
const TEXT_LIMIT = 320;

/** Recipients named in one line. Each also has lines of its own, at `rcpt` and for its delivery. */
const NAMED = 20;

/** What is known about the subject of a log line when it is written. `undefined` values are left out. */
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
  /** Number of recipients not named in `recipients`. */
  readonly moreRecipients: number | undefined;
  readonly messageId: string | undefined;
  /** Size of the message in bytes; until it has arrived, the size declared by MAIL. */
  readonly size: number | undefined;
  readonly queueId: string | undefined;
}

/** Client-supplied text, cut to a length suitable for a log line. */
export const clipped = (text: string): string => (text.length <= TEXT_LIMIT ? text : `${text.slice(0, TEXT_LIMIT)}…`);

/** `undefined` for anything but text. */
export const clippedText = (value: unknown): string | undefined => (typeof value === 'string' ? clipped(value) : undefined);

/** The recipients of a message as a line names them: the first few, and how many more there are. */
export const namedRecipients = (recipients: readonly { readonly address: string }[]): Pick<Identity, 'recipients' | 'moreRecipients'> => ({
  recipients: recipients.length === 0 ? undefined : recipients.slice(0, NAMED).map(({ address }) => clipped(address)),
  moreRecipients: recipients.length > NAMED ? recipients.length - NAMED : undefined,
});
