import { isAscii, isUtf8 } from 'node:buffer';
import MimeNode from 'nodemailer/lib/mime-node';
import type { MessageContent, MessageRecord } from '../../queue/message.ts';
import type { NewMessage } from '../../queue/store.ts';
import { needsSmtpUtf8 } from '../client/commands.ts';
import type { NoticeLine } from './notice.ts';
import { type Returned, returnedPart } from './returned.ts';
import { deliveryStatus } from './status.ts';
import { reportText, subjectFor } from './text.ts';

/*
 * A delivery status notification: multipart/report (RFC 6522) with a text, message/delivery-status (RFC
 * 3464) and the returned part of the original; the `global` types of RFC 6533 only if SMTPUTF8 is needed to
 * reach the sender. It goes to the envelope sender with the null sender, so that it never causes another DSN.
 */

/** The subject of a notice. */
export interface NoticeContent {
  readonly record: MessageRecord;
  readonly content: MessageContent;
  /** Never empty. */
  readonly lines: readonly NoticeLine[];
  readonly full: boolean;
}

export interface NoticeWriter {
  readonly hostname: string;
  /** How much of the original may be returned, in bytes. */
  readonly limit: number;
  readonly id: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly lifetime: number;
}

/** A DSN, ready to be queued. Always 7bit, unless the sender can only be reached with SMTPUTF8. */
export const composeNotice = async (notice: NoticeContent, writer: NoticeWriter): Promise<NewMessage> => {
  const { record } = notice;
  const international = needsSmtpUtf8(record.envelope.sender);
  const returned = await returnedPart(record, notice.content, { full: notice.full, limit: writer.limit, eightBit: international });
  const bytes = await build(notice, { writer, returned, international });
  const end = bytes.indexOf('\r\n\r\n') + 4;
  const content: MessageContent = { header: bytes.subarray(0, end), body: { kind: 'inline', bytes: bytes.subarray(end) } };
  const eightBit = !isAscii(bytes);
  return { record: noticeRecord(record, writer, { size: bytes.length, eightBit, international }), content };
};

interface NoticeParts {
  readonly writer: NoticeWriter;
  readonly returned: Returned;
  readonly international: boolean;
}

const build = ({ record, lines }: NoticeContent, { writer, returned, international }: NoticeParts): Promise<Buffer> => {
  const root = new MimeNode('multipart/report; report-type=delivery-status', { disableFileAccess: true, disableUrlAccess: true });
  root.setHeader([
    { key: 'From', value: { name: 'Mail Delivery System', address: `mailer-daemon@${writer.hostname}` } },
    { key: 'To', value: { address: record.envelope.sender } },
    { key: 'Subject', value: subjectFor(lines) },
    { key: 'Message-ID', value: messageIdOf(writer) },
    { key: 'Date', value: new Date(writer.now).toUTCString().replace('GMT', '+0000') },
    { key: 'Auto-Submitted', value: 'auto-replied' },
  ]);
  root.createChild('text/plain; charset=utf-8').setContent(reportText(record, lines, writer.hostname));
  const status = deliveryStatus(record, lines, { hostname: writer.hostname, form: international ? 'utf-8' : 'escaped' });
  asItIs(root, `message/${international ? 'global-' : ''}delivery-status`, Buffer.from(`${status}\r\n`));
  returnOriginal(root, returned, international);
  return new Promise((resolve, reject) => {
    root.build((error, built) => (error ? reject(error) : resolve(built)));
  });
};

/** A part with exactly these bytes: nodemailer would encode text with long lines in any case. */
const asItIs = (root: MimeNode, type: string, bytes: Buffer): void => {
  const head = `Content-Type: ${type}\r\nContent-Transfer-Encoding: ${isAscii(bytes) ? '7bit' : '8bit'}\r\n\r\n`;
  root.createChild(type).setRaw(Buffer.concat([Buffer.from(head), bytes]));
};

/** `message/global` only for UTF-8 (RFC 6533 6); a header with other bytes is sent as text in base64 (RFC 6522 4). */
const returnOriginal = (root: MimeNode, { bytes, whole, isSevenBit, hasLongLines }: Returned, international: boolean): void => {
  const global = international && !isSevenBit && !hasLongLines && isUtf8(bytes);
  if (whole) asItIs(root, global ? 'message/global' : 'message/rfc822', bytes);
  else if (global) asItIs(root, 'message/global-headers', bytes);
  else if (isSevenBit) asItIs(root, 'text/rfc822-headers', bytes);
  else {
    const node = root.createChild(`text/rfc822-headers; charset=${isUtf8(bytes) ? 'utf-8' : 'unknown-8bit'}`);
    node.setHeader('Content-Transfer-Encoding', 'base64');
    node.setContent(bytes);
  }
};

const messageIdOf = ({ id, hostname }: NoticeWriter): string => `<${id}@${hostname}>`;

interface NoticeShape {
  readonly size: number;
  readonly eightBit: boolean;
  readonly international: boolean;
}

const noticeRecord = ({ envelope, origin }: MessageRecord, writer: NoticeWriter, shape: NoticeShape): MessageRecord => ({
  id: writer.id,
  arrived: writer.now,
  expires: writer.now + writer.lifetime,
  size: shape.size,
  envelope: { sender: '', body: shape.eightBit ? '8bitmime' : '7bit', smtputf8: shape.international },
  origin: {
    transaction: origin.transaction,
    policyVersion: origin.policyVersion,
    messageId: messageIdOf(writer),
    facts: {},
    results: {},
    tags: [],
    score: 0,
    skipped: [],
  },
  recipients: [
    { address: envelope.sender, grant: '', status: 'open', attempts: 0, nextAttempt: writer.now, delayNoticed: false, last: null },
  ],
  state: 'queued',
  reason: '',
});
