import { isAscii } from 'node:buffer';
import type { MessageRecord, RecipientState } from '../../queue/message.ts';
import { harmless } from '../reply.ts';
import type { Action, NoticeLine } from './notice.ts';

/*
 * The part of a DSN that programs read: RFC 3464 2.2 and 2.3, for addresses beyond ASCII RFC 6533 3. One
 * block about the message, one about each recipient.
 */

const STATUS_CLASS: Readonly<Record<Action, string>> = { failed: '5', delayed: '4', delivered: '2', relayed: '2' };

const date = (at: number): string => new Date(at).toUTCString().replace('GMT', '+0000');

/** RFC 3461 4: `+2B` stands for `+`. What is no xtext stays as it is. */
const decodeXtext = (text: string): string =>
  text.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** The text of `message/delivery-status`, lines ended by CRLF. */
export const deliveryStatus = (record: MessageRecord, lines: readonly NoticeLine[], hostname: string): string =>
  [messageFields(record, hostname), ...lines.map((line) => recipientFields(line, record))]
    .map((block) => block.join('\r\n'))
    .join('\r\n\r\n');

const messageFields = (record: MessageRecord, hostname: string): readonly string[] => [
  ...(record.envelope.envid ? [`Original-Envelope-Id: ${harmless(decodeXtext(record.envelope.envid))}`] : []),
  `Reporting-MTA: dns; ${hostname}`,
  `X-Queue-Id: ${record.id}`,
  `Arrival-Date: ${date(record.arrived)}`,
];

const recipientFields = ({ recipient, action, report }: NoticeLine, record: MessageRecord): readonly string[] => [
  ...(recipient.orcpt ? [`Original-Recipient: ${originalRecipient(recipient.orcpt)}`] : []),
  `Final-Recipient: ${typed(recipient)}`,
  `Action: ${action}`,
  `Status: ${STATUS_CLASS[action]}${report.enhanced.slice(1)}`,
  ...(report.remote
    ? [
        `Remote-MTA: dns; ${harmless(report.remote)}`,
        `Diagnostic-Code: smtp; ${asciiOnly(`${report.code} ${report.enhanced} ${report.text}`)}`,
      ]
    : []),
  `Last-AttemptResult-Date: ${date(report.at)}`,
  ...(action === 'delayed' ? [`Will-Retry-Until: ${date(record.expires)}`] : []),
];

const typed = ({ address }: RecipientState): string => `${isAscii(Buffer.from(address)) ? 'rfc822' : 'utf-8'}; ${harmless(address)}`;

/** `rfc822;user+2B@example.com` */
const originalRecipient = (orcpt: string): string => {
  const [type = 'rfc822', ...rest] = orcpt.split(';');
  return `${harmless(type)}; ${harmless(decodeXtext(rest.join(';')))}`;
};

const asciiOnly = (text: string): string => harmless(text).replace(/[^ -~]/gu, '?');
