import { isAscii } from 'node:buffer';
import { wireAddress } from '../../policy/mailbox.ts';
import type { DeliveryReport, MessageRecord, RecipientState } from '../../queue/message.ts';
import { harmless } from '../reply.ts';
import type { Action, NoticeLine } from './notice.ts';

/*
 * The machine-readable part of a DSN: RFC 3464 2.2 and 2.3, with RFC 6533 3 for non-ASCII addresses. One
 * block about the message, then one per recipient.
 */

const STATUS_CLASS: Readonly<Record<Action, string>> = { failed: '5', delayed: '4', delivered: '2', relayed: '2' };

const date = (at: number): string => new Date(at).toUTCString().replace('GMT', '+0000');

/** RFC 3461 4: `+2B` stands for `+`. Anything that is not xtext stays as it is. */
const decodeXtext = (text: string): string =>
  text.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** How a non-ASCII address is written. */
export type AddressForm = 'utf-8' | 'escaped';

export interface StatusOptions {
  readonly hostname: string;
  readonly form: AddressForm;
}

/** The text of `message/delivery-status`, with CRLF line ends. */
export const deliveryStatus = (record: MessageRecord, lines: readonly NoticeLine[], { hostname, form }: StatusOptions): string =>
  [messageFields(record, hostname), ...lines.map((line) => recipientFields(line, record, form))]
    .map((block) => block.join('\r\n'))
    .join('\r\n\r\n');

const messageFields = (record: MessageRecord, hostname: string): readonly string[] => [
  ...(record.envelope.envid ? [`Original-Envelope-Id: ${asciiOnly(decodeXtext(record.envelope.envid))}`] : []),
  `Reporting-MTA: dns; ${hostname}`,
  `X-Queue-Id: ${record.id}`,
  `Arrival-Date: ${date(record.arrived)}`,
];

const recipientFields = ({ recipient, action, report }: NoticeLine, record: MessageRecord, form: AddressForm): readonly string[] => [
  ...(recipient.orcpt ? [`Original-Recipient: ${originalRecipient(recipient.orcpt)}`] : []),
  `Final-Recipient: ${typed(recipient, form)}`,
  `Action: ${action}`,
  `Status: ${STATUS_CLASS[action]}${report.enhanced.slice(1)}`,
  ...diagnosis(report, action),
  `Last-Attempt-Date: ${date(report.at)}`,
  ...(action === 'delayed' ? [`Will-Retry-Until: ${date(record.expires)}`] : []),
];

/** RFC 3464 2.3.5, 2.3.6: another MTA is named only if it replied, together with its reply; our own findings are reported as ours. */
const diagnosis = (report: DeliveryReport, action: Action): readonly string[] => {
  if (report.reply !== undefined) return [...remoteMta(report.remote), `Diagnostic-Code: smtp; ${asciiOnly(report.reply)}`];
  if (action === 'delivered' || action === 'relayed') return [];
  return [`Diagnostic-Code: x-relayctl; ${asciiOnly(report.text)}`];
};

/** `mx1.example.net[192.0.2.1]:25`: the name, or the address as a literal. A socket path names no MTA. */
const remoteMta = (remote: string): readonly string[] => {
  const [, name = '', address = ''] = /^([^[\]]*)\[([0-9a-f:.]+)\]/i.exec(remote) ?? [];
  if (name !== '') return [`Remote-MTA: dns; ${asciiOnly(name)}`];
  return address === '' ? [] : [`Remote-MTA: dns; [${address.includes(':') ? 'IPv6:' : ''}${address}]`];
};

/** RFC 6533 3: UTF-8 in an SMTPUTF8 message, escaped otherwise. */
const typed = (recipient: RecipientState, form: AddressForm): string => {
  const address = wireAddress(recipient.address);
  if (isAscii(Buffer.from(address))) return `rfc822; ${harmless(address)}`;
  return `utf-8; ${form === 'utf-8' ? harmless(address) : escaped(harmless(address))}`;
};

const escaped = (address: string): string =>
  address.replace(/[^!-~]|[+=\\]/gu, (character) => `\\x{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`);

/** `rfc822;user+2B@example.com` */
const originalRecipient = (orcpt: string): string => {
  const [type = 'rfc822', ...rest] = orcpt.split(';');
  return `${asciiOnly(type)}; ${asciiOnly(decodeXtext(rest.join(';')))}`;
};

const asciiOnly = (text: string): string => harmless(text).replace(/[^ -~]/gu, '?');
