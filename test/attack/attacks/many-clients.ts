import { type Aim, type Attack, keepOpen, open } from './sockets.ts';

/* What 5,000 connections of a hundred addresses do, 50 each: the whole table, by the defaults. */

const ADDRESSES = 100;
const CONNECTIONS = 50;

const ENVELOPE = 'EHLO attacker.example\r\nMAIL FROM:<a@attacker.example>\r\nRCPT TO:<ann@example.com>\r\nDATA\r\n';

const fromAll =
  (said: string): Attack =>
  (aim: Aim) => {
    const bytes = Buffer.from(said);
    for (let address = 0; address < ADDRESSES; address++)
      keepOpen(CONNECTIONS, () => {
        const socket = open({ ...aim, from: `127.0.${100 + address}.1` }, aim.smtp);
        socket.write(bytes);
        return socket.resume();
      });
  };

const longOrcpt = (n: number): string => `RCPT TO:<ann+${n}@example.com> ORCPT=rfc822;${'a'.repeat(490)}@example.com\r\n`;

export const MANY_CLIENTS: Readonly<Record<string, Attack>> = {
  '5000 silent': fromAll(''),
  '5000 headers, held': fromAll(`${ENVELOPE}${'X: y\r\n'.repeat(41_000)}`),
  '5000 bodies, held': fromAll(`${ENVELOPE}Subject: x\r\n\r\n${'yyyy\r\n'.repeat(21_000)}`),
  '5000 envelopes, held': fromAll(
    `EHLO attacker.example\r\nMAIL FROM:<a@attacker.example>\r\n${Array.from({ length: 1000 }, (_, n) => longOrcpt(n)).join('')}`,
  ),
};
