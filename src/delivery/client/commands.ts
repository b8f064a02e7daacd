import { isAscii } from 'node:buffer';
import { bodyPieces } from '../../message/body.ts';
import { sevenBit } from '../../message/seven-bit/seven-bit.ts';
import type { Route } from '../../policy/decision.ts';
import { wireAddress } from '../../policy/mailbox.ts';
import type { Envelope, MessageContent, RecipientState } from '../../queue/message.ts';

/** What the next hop offered in EHLO. */
export interface NextHopOffer {
  readonly offers: (extension: string) => boolean;
  /** Bytes (RFC 1870); 0 if not said. */
  readonly sizeLimit: number;
}

export interface OutgoingMail {
  readonly envelope: Envelope;
  /** Bytes of header and body. */
  readonly size: number;
  /** Never empty. */
  readonly recipients: readonly RecipientState[];
  readonly content: MessageContent;
  /** Default `bounce`. */
  readonly eightBit?: Route['eightBit'];
}

/** The commands of a transaction, or why this next hop cannot be given the message. */
export type Commands =
  | { readonly fits: true; readonly mail: string; readonly rcpt: readonly string[]; readonly content: MessageContent }
  | { readonly fits: false; readonly enhanced: string; readonly text: string };

const NON_ASCII = /[^\p{ASCII}]/u;

/** Only a host that offers SMTPUTF8 can be given this address. */
export const needsSmtpUtf8 = (address: string): boolean => NON_ASCII.test(wireAddress(address));

/** Makes the commands. An address that could break out of its command never gets into one. */
export const commandsFor = async (outgoing: OutgoingMail, next: NextHopOffer): Promise<Commands> => {
  const addresses = [outgoing.envelope.sender, ...outgoing.recipients.map(({ address }) => address)].map(wireAddress);
  if (addresses.some((address) => /[\p{Cc}<>]/u.test(address))) return unfit('5.1.3', 'the address cannot be sent');
  const international =
    addresses.some((address) => NON_ASCII.test(address)) || (outgoing.envelope.smtputf8 && !isAscii(outgoing.content.header));
  if (international && !next.offers('SMTPUTF8')) return unfit('5.6.7', 'the next hop takes no internationalised mail');
  const fitting = next.offers('8BITMIME') ? outgoing : await withoutEightBit(outgoing);
  if (typeof fitting === 'string') return unfit('5.6.3', fitting);
  if (next.sizeLimit > 0 && fitting.size > next.sizeLimit)
    return unfit('5.3.4', `the next hop takes ${next.sizeLimit} bytes, it has ${fitting.size}`);
  return { fits: true, ...lines(fitting, addresses, { next, international }), content: fitting.content };
};

const unfit = (enhanced: string, text: string): Commands => ({ fits: false, enhanced, text });

const TAKES_NONE = 'the next hop does not support 8BITMIME';

/** The message as a 7-bit next hop can be given it, or why it cannot. */
const withoutEightBit = async (outgoing: OutgoingMail): Promise<OutgoingMail | string> => {
  if (!(await isEightBit(outgoing.content))) return outgoing;
  if (outgoing.eightBit !== 'encode') return TAKES_NONE;
  const encoded = await sevenBit(outgoing.content);
  if (!encoded.possible) return `${TAKES_NONE}, and it cannot be encoded: ${encoded.reason}`;
  return { ...outgoing, content: encoded.content, size: encoded.size };
};

/** SMTPUTF8 already says that the header may be 8-bit; only then is a 7-bit next hop out of the question altogether. */
const isEightBit = async (content: MessageContent): Promise<boolean> => {
  if (!isAscii(content.header)) return true;
  for await (const piece of bodyPieces(content.body)) if (!isAscii(piece)) return true;
  return false;
};

interface SentTo {
  readonly next: NextHopOffer;
  readonly international: boolean;
}

const lines = (
  outgoing: OutgoingMail,
  addresses: readonly string[],
  sentTo: SentTo,
): { readonly mail: string; readonly rcpt: readonly string[] } => {
  const [sender = '', ...recipients] = addresses;
  return {
    mail: `MAIL FROM:<${sender}>${mailParameters(outgoing, sentTo)}`,
    rcpt: recipients.map((address, index) => `RCPT TO:<${address}>${rcptParameters(outgoing.recipients[index], sentTo)}`),
  };
};

const mailParameters = ({ envelope, size, content }: OutgoingMail, { next, international }: SentTo): string => {
  let parameters = next.offers('SIZE') ? ` SIZE=${size}` : '';
  if (next.offers('8BITMIME') && mayBeEightBit(envelope, content)) parameters += ' BODY=8BITMIME';
  if (international) parameters += ' SMTPUTF8';
  if (!next.offers('DSN') || envelope.sender === '') return parameters;
  if (envelope.ret) parameters += ` RET=${envelope.ret === 'full' ? 'FULL' : 'HDRS'}`;
  if (envelope.envid) parameters += ` ENVID=${envelope.envid}`;
  return parameters;
};

/** A large body is not read through for this: 8BITMIME is never wrong where it is offered (RFC 6152 3). */
const mayBeEightBit = (envelope: Envelope, { header, body }: MessageContent): boolean =>
  envelope.body === '8bitmime' || body.kind !== 'inline' || !isAscii(body.bytes) || !isAscii(header);

/** RFC 3461 4.1, 4.2; `orcpt` is kept as xtext, and goes as ASCII where nothing else needs SMTPUTF8 (RFC 6533 3). */
const rcptParameters = (recipient: RecipientState | undefined, { next, international }: SentTo): string => {
  if (!recipient || !next.offers('DSN')) return '';
  const notify = recipient.notify?.length ? ` NOTIFY=${recipient.notify.join(',').toUpperCase()}` : '';
  if (!recipient.orcpt) return notify;
  return `${notify} ORCPT=${international ? recipient.orcpt : escapedCharacters(recipient.orcpt)}`;
};

const escapedCharacters = (text: string): string =>
  text.replace(/[^\p{ASCII}]/gu, (character) => `\\x{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`);
