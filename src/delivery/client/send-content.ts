import type net from 'node:net';
import { bodyPieces } from '../../message/body.ts';
import type { BodyRef, MessageContent } from '../../queue/message.ts';
import { endsLine, stuffDots, terminator } from './dot-stuffing.ts';

/**
 * Writes a message and its final dot. What lies in memory leaves as one write; a large body goes piece by piece
 * as the peer takes it. `progress` is called whenever it took something.
 * @throws what reading the body throws; the dot was not sent then, and the connection is unusable
 */
export const sendContent = (socket: net.Socket, content: MessageContent, progress: () => void): Promise<void> | null => {
  socket.cork();
  socket.write(stuffDots(content.header, true));
  const atLineStart = endsLine(content.header, true);
  if (content.body.kind !== 'inline') {
    socket.uncork();
    return sendPieces(socket, content.body, progress);
  }
  socket.write(stuffDots(content.body.bytes, atLineStart));
  socket.write(terminator(endsLine(content.body.bytes, atLineStart)));
  socket.uncork();
  return null;
};

const sendPieces = async (socket: net.Socket, body: BodyRef, progress: () => void): Promise<void> => {
  let atLineStart = true;
  for await (const piece of bodyPieces(body)) {
    await written(socket, stuffDots(piece, atLineStart));
    atLineStart = endsLine(piece, atLineStart);
    progress();
  }
  socket.write(terminator(atLineStart));
};

/** Resolves when the socket has let go of the bytes, rejects when it never will. */
const written = (socket: net.Socket, bytes: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    const gone = (): void => reject(new Error('connection closed while the content was sent'));
    socket.once('close', gone);
    socket.write(bytes, (error) => {
      socket.removeListener('close', gone);
      if (error || socket.destroyed) gone();
      else resolve();
    });
  });
