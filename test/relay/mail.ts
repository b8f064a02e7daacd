import { SmtpClient } from '../kit/smtp-client.ts';

/** A transaction as a client would have it. */
export interface Mail {
  readonly from?: string;
  /** Behind MAIL FROM, ` BODY=8BITMIME`. */
  readonly parameters?: string;
  readonly to?: readonly string[];
  /** Lines end in CR LF; dots are stuffed here. */
  readonly message?: string | Buffer;
}

export const MESSAGE = 'From: Ann <ann@example.org>\r\nTo: bob@example.com\r\nSubject: lunch\r\n\r\nAt noon?\r\n';

/** Greeted, and introduced with EHLO. */
export const introduced = async (address: string, name = 'client.example.org'): Promise<SmtpClient> => {
  const client = await SmtpClient.connect(address);
  await client.reply();
  await client.ask(`EHLO ${name}`);
  return client;
};

/** Content as DATA sends it (RFC 5321 4.5.2), final dot included. */
export const stuffed = (message: string | Buffer): Buffer => {
  const text = Buffer.from(message).toString('latin1');
  const whole = text.endsWith('\r\n') ? text : `${text}\r\n`;
  return Buffer.from(`${whole.replace(/(^|\r\n)\./g, '$1..')}.\r\n`, 'latin1');
};

/** The envelope, up to the reply to the last RCPT: one text a command; ends with a MAIL that was refused. */
export const envelope = async (client: SmtpClient, { from = 'ann@example.org', parameters = '', to = ['bob@example.com'] }: Mail) => {
  const replies = [(await client.ask(`MAIL FROM:<${from}>${parameters}`)).text];
  if (!replies[0]?.startsWith('250')) return replies;
  return [...replies, ...(await client.dialogue(...to.map((address) => `RCPT TO:<${address}>`)))];
};

/** A whole transaction: the reply to the message, or the last one before it if it was not wanted. */
export const submit = async (client: SmtpClient, mail: Mail = {}): Promise<string> => {
  const replies = await envelope(client, mail);
  if (!replies.slice(1).some((reply) => reply.startsWith('25'))) return replies.at(-1) ?? '';
  const start = await client.ask('DATA');
  if (start.code !== 354) return start.text;
  client.raw(stuffed(mail.message ?? MESSAGE));
  return (await client.reply()).text;
};

/** The queue id in the reply to a message. */
export const queueIdOf = (reply: string): string => /^250 2\.0\.0 Ok: queued as ([\w-]+)$/.exec(reply)?.[1] ?? '';
