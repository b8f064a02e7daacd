import type { Lines } from './session.ts';

/** One thing that happens to mail, and the session that shows it. */
export interface Scene {
  readonly name: string;
  /** As the table tells it. */
  readonly sent: string;
  readonly lines: Lines;
}

/** A name at EHLO that is in order. */
const HELO = 'EHLO client.example.net';

const message = (subject: string, fields: Lines = ['From: eve@example.net']): string =>
  [...fields, `Subject: ${subject}`, 'Date: Mon, 05 Jan 2026 12:00:00 +0000', '', 'Hello!', '.'].join('\r\n');

const mail = (sender: string, recipient: string, text: string): Lines => [
  HELO,
  `MAIL FROM:<${sender}>`,
  `RCPT TO:<${recipient}>`,
  'DATA',
  text,
];

const mailTo = (recipient: string, text: string): Lines => mail('eve@example.net', recipient, text);

/** The subject is how a delivered message is recognised. */
export const SCENES: readonly Scene[] = [
  { name: 'relayed', sent: 'mail for ann@example.com', lines: mailTo('ann@example.com', message('relayed')) },
  { name: 'relay denied', sent: 'mail for joe@example.org', lines: mailTo('joe@example.org', message('relay denied')) },
  { name: 'unknown user', sent: 'mail for nobody@example.com', lines: mailTo('nobody@example.com', message('unknown user')) },
  { name: 'rewritten', sent: 'mail for postmaster@relay.example.com', lines: mailTo('postmaster@relay.example.com', message('rewritten')) },
  {
    name: 'blocked sender',
    sent: 'mail from x@spam.example.net',
    lines: mail('x@spam.example.net', 'ann@example.com', message('blocked')),
  },
  { name: 'our own name', sent: 'mail from ann@example.com', lines: mail('ann@example.com', 'bob@example.com', message('our own name')) },
  { name: 'odd greeting', sent: 'EHLO desktop', lines: ['EHLO desktop'] },
  { name: 'header missing', sent: 'a message without From', lines: mailTo('bob@example.com', message('header missing', [])) },
  { name: 'too big', sent: 'MAIL … SIZE=900000000', lines: [HELO, 'MAIL FROM:<eve@example.net> SIZE=900000000'] },
];
