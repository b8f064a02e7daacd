import { connect as connectTls, type TLSSocket } from 'node:tls';
import { type Aim, type Attack, keepOpen, open } from './sockets.ts';

/* Connections for their own sake. */

const CLIENT_HELLO_CUT = Buffer.from('16030100f8010000f40303', 'hex');

const overTls = (aim: Aim, port: number): TLSSocket => {
  const socket = connectTls({ socket: open(aim, port), rejectUnauthorized: false });
  return socket.on('error', () => socket.destroy());
};

export const CONNECTIONS: Readonly<Record<string, Attack>> = {
  'connect and close': (aim) =>
    keepOpen(50, () => {
      const socket = open(aim, aim.smtp);
      return socket.once('connect', () => socket.destroy());
    }),
  'connect and stay': (aim) => keepOpen(3000, () => open(aim, aim.smtp).resume()),
  'silent handshakes': (aim) => keepOpen(1000, () => open(aim, aim.smtps).resume()),
  'handshakes cut short': (aim) =>
    keepOpen(1000, () => {
      const socket = open(aim, aim.smtps);
      socket.write(CLIENT_HELLO_CUT);
      return socket.resume();
    }),
  'handshake after handshake': (aim) =>
    keepOpen(30, () => {
      const socket = overTls(aim, aim.smtps);
      return socket.once('secureConnect', () => socket.destroy());
    }),
  'silence after starttls': (aim) =>
    keepOpen(100, () => {
      const socket = open(aim, aim.smtp);
      socket.write('EHLO attacker.example\r\nSTARTTLS\r\n');
      return socket.resume();
    }),
};
