import { connect, type Socket } from 'node:net';

/** Where an attack goes. */
export interface Aim {
  readonly smtp: number;
  /** TLS from the first byte. */
  readonly smtps: number;
  /** All attackers have this one address. */
  readonly from: string;
}

export type Attack = (aim: Aim) => void;

const AGAIN = 5;

/** A connection of the attacker's; nothing that happens to it matters. */
export const open = ({ from }: Aim, port: number): Socket => {
  const socket = connect({ host: '127.0.0.1', port, localAddress: from });
  return socket.on('error', () => socket.destroy());
};

/** Keeps so many connections busy; whichever ends is begun anew. */
export const keepOpen = (count: number, begin: () => Socket): void => {
  for (let one = 0; one < count; one++) {
    const again = (): void => {
      begin().once('close', () => setTimeout(again, AGAIN));
    };
    again();
  }
};

/** Says it for ever, as fast as it is taken. */
export const sendForever = (socket: Socket, said: string | Buffer): void => {
  const piece = Buffer.from(said);
  const much = Buffer.concat(Array.from({ length: Math.max(1, Math.ceil(65_536 / piece.length)) }, () => piece));
  const more = (): void => {
    while (socket.writable && socket.write(much));
  };
  socket.on('drain', more);
  more();
};

/** One byte after the other, so many milliseconds apart, for ever. */
export const sendSlowly = (socket: Socket, said: string, every: number): void => {
  let at = 0;
  const timer = setInterval(() => {
    const byte = said[at++ % said.length];
    if (socket.writable && byte !== undefined) socket.write(byte);
  }, every);
  socket.once('close', () => clearInterval(timer));
};
