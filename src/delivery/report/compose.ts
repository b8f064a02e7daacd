import { isAscii } from 'node:buffer';
import MimeNode from 'nodemailer/lib/mime-node';
import type { MessageContent, MessageRecord } from '../../queue/message.ts';
import type { NewMessage } from '../../queue/store.ts';
import type { NoticeLine } from './notice.ts';
import { type Returned, returnedPart } from './returned.ts';
import { deliveryStatus } from './status.ts';
import { reportText, subjectFor } from './text.ts';

/*
 * A delivery status notification: multipart/report (RFC 6522) of a text, message/delivery-status (RFC
 * 3464) and what is returned of the original; with addresses or headers beyond ASCII the `global` kinds of
 * RFC 6533. It goes to the envelope sender from the null sender, so that nothing can answer it.
 */

/** What a notice is about. */
export interface NoticeContent {
  readonly record: MessageRecord;
  readonly content: MessageContent;
  /** Never empty. */
  readonly lines: readonly NoticeLine[];
  readonly full: boolean;
}

export interface NoticeWriter {
  readonly hostname: string;
  /** Bytes of the original that may be returned. */
  readonly limit: number;
  readonly id: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly lifetime: number;
}

/** A DSN, ready to be queued. */
export const composeNotice = async (notice: NoticeContent, writer: NoticeWriter): Promise<NewMessage> => {
  const { record, lines } = notice;
  const returned = await returnedPart(record, notice.content, { full: notice.full, limit: writer.limit });
  const international = !isAsciiText([record.envelope.sender, ...lines.map((line) => line.recipient.address)].join());
  const bytes = await build(notice, { writer, returned, international });
  const end = bytes.indexOf('\r\n\r\n') + 4;
  const content: MessageContent = { header: bytes.subarray(0, end), body: { kind: 'inline', bytes: bytes.subarray(end) } };
  const eightBit = !isAscii(bytes);
  return { record: noticeRecord(record, writer, { size: bytes.length, eightBit, international }), content };
};

const isAsciiText = (text: string): boolean => /^\p{ASCII}*$/u.test(text);

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
  part(
    root,
    `message/${international ? 'global-' : ''}delivery-status`,
    Buffer.from(`${deliveryStatus(record, lines, writer.hostname)}\r\n`),
  );
  part(root, returnedType(returned), returned.bytes);
  return new Promise((resolve, reject) => {
    root.build((error, built) => (error ? reject(error) : resolve(built)));
  });
};

const part = (root: MimeNode, type: string, bytes: Buffer): void => {
  const node = root.createChild(type);
  node.setHeader('Content-Transfer-Encoding', isAscii(bytes) ? '7bit' : '8bit');
  node.setContent(bytes);
};

const returnedType = ({ whole, international }: Returned): string => {
  if (whole) return international ? 'message/global' : 'message/rfc822';
  return international ? 'message/global-headers' : 'text/rfc822-headers';
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
