import type { Lines } from './dialogue.ts';

/** One thing that happens to mail, and the session that shows it. */
export interface Scene {
  readonly name: string;
  /** As the table tells it. */
  readonly sent: string;
  readonly lines: Lines;
}

const SENDER = 'MAIL FROM:<eve@example.net>';

const message = (subject: string, fields: Lines = ['From: eve@example.net']): string =>
  [...fields, `Subject: ${subject}`, 'Date: Mon, 05 Jan 2026 12:00:00 +0000', '', 'Hello!', '.'].join('\r\n');

const mailTo = (recipient: string, text: string): Lines => [SENDER, `RCPT TO:<${recipient}>`, 'DATA', text];

/** The subject is what a message is recognised by at the next hop. */
export const SCENES: readonly Scene[] = [
  { name: 'relayed', sent: 'mail for ann@example.com', lines: mailTo('ann@example.com', message('relayed')) },
  { name: 'relay denied', sent: 'mail for joe@example.org', lines: mailTo('joe@example.org', message('relay denied')) },
  { name: 'unknown recipient', sent: 'mail for nobody@example.com', lines: mailTo('nobody@example.com', message('unknown recipient')) },
  { name: 'header missing', sent: 'a message without From', lines: mailTo('bob@example.com', message('header missing', [])) },
  { name: 'header edited', sent: 'Subject: Invoice …', lines: mailTo('bob@example.com', message('Invoice: header edited')) },
  { name: 'deferred', sent: 'mail for slow@example.com', lines: mailTo('slow@example.com', message('deferred')) },
  { name: 'discarded', sent: 'Subject: … lottery …', lines: mailTo('ann@example.com', message('discarded: your lottery prize')) },
  {
    name: 'too big',
    sent: 'MAIL … SIZE=50000, over message_size',
    lines: [`${SENDER} SIZE=50000`, ...mailTo('ann@example.com', message('too big')).slice(1)],
  },
];
