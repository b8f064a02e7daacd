/** Characters of one text given by a client that reach a line of a log; addresses and domains are shorter (RFC 5321 4.5.3.1). */
const TEXT_LIMIT = 320;

/** Recipients named in one line. Each has a line of its own besides: at `rcpt`, and of its delivery. */
const NAMED = 20;

/** What is known at that moment about the subject of a log line. What is `undefined` is left out. */
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
