import type { MessageRecord } from '../../queue/message.ts';
import { harmless } from '../reply.ts';
import type { Action, NoticeLine } from './notice.ts';

const SUBJECTS: Readonly<Record<Action, string>> = {
  failed: 'Your message could not be delivered',
  delayed: 'Your message is delayed',
  relayed: 'Your message was passed on',
  delivered: 'Your message was delivered',
};

const INTRODUCTIONS: Readonly<Record<Action, string>> = {
  failed: 'could not be delivered to the following recipients. There will be no further attempts.',
  delayed: 'has not been delivered yet to the following recipients. You need do nothing: attempts go on.',
  relayed: 'was passed on to a mail system that does not report delivery, for the following recipients.',
  delivered: 'was delivered to the following recipients.',
};

const WORST_FIRST: readonly Action[] = ['failed', 'delayed', 'relayed', 'delivered'];

/** Subject of the DSN: of the worst that it reports. */
export const subjectFor = (lines: readonly NoticeLine[]): string => {
  const worst = WORST_FIRST.find((action) => lines.some((line) => line.action === action));
  return SUBJECTS[worst ?? 'failed'];
};

/** The part of a DSN that people read, lines ended by CRLF. */
export const reportText = (record: MessageRecord, lines: readonly NoticeLine[], hostname: string): string =>
  [
    `This is the mail system at ${hostname}.`,
    ...WORST_FIRST.flatMap((action) =>
      section(
        record,
        lines.filter((line) => line.action === action),
        action,
      ),
    ),
  ].join('\r\n\r\n');

const section = (record: MessageRecord, lines: readonly NoticeLine[], action: Action): readonly string[] => {
  if (lines.length === 0) return [];
  const arrived = new Date(record.arrived).toUTCString();
  return [`Your message of ${arrived} ${INTRODUCTIONS[action]}`, ...lines.map(paragraph)];
};

const paragraph = ({ recipient, action, report }: NoticeLine): string => {
  const who = `  ${harmless(recipient.address)}`;
  if (action === 'delivered' || action === 'relayed') return who;
  if (report.quoted && report.reply !== undefined) return `${who}\r\n    ${report.remote} said: ${report.reply}`;
  const where = report.remote === '' ? '' : `${report.remote}: `;
  return `${who}\r\n    ${where}${report.code} ${report.enhanced} ${report.text}`;
};
