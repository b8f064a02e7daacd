import { createReadStream } from 'node:fs';
import type net from 'node:net';
import type { BodyRef, MessageContent } from '../../queue/message.ts';
import { endsLine, stuffDots, terminator } from './dot-stuffing.ts';

/**
 * Writes a message and its final dot. What lies in memory leaves as one write; a file goes piece by piece
 * as the peer takes it. `progress` is called whenever it took something.
 * @throws what reading the file throws; the dot was not sent then, and the connection is of no more use
 */
export const sendContent = (socket: net.Socket, content: MessageContent, progress: () => void): Promise<void> | null => {
  socket.cork();
  socket.write(stuffDots(content.header, true));
  const atLineStart = endsLine(content.header, true);
  if (content.body.kind === 'file') {
    socket.uncork();
    return sendFile(socket, content.body, progress);
  }
  socket.write(stuffDots(content.body.bytes, atLineStart));
  socket.write(terminator(endsLine(content.body.bytes, atLineStart)));
  socket.uncork();
  return null;
};

const sendFile = async (socket: net.Socket, body: BodyRef & { kind: 'file' }, progress: () => void): Promise<void> => {
  let atLineStart = true;
  let sent = 0;
  for await (const piece of bodyPieces(body)) {
    sent += piece.length;
    if (!socket.write(stuffDots(piece, atLineStart))) await drained(socket);
    atLineStart = endsLine(piece, atLineStart);
    progress();
  }
  if (sent !== body.length) throw new Error(`body file ends after ${sent} of ${body.length} bytes`);
  socket.write(terminator(atLineStart));
};

/** The bytes of a body in order, whatever it is kept in. */
export async function* bodyPieces(body: BodyRef): AsyncGenerator<Buffer> {
  if (body.kind === 'inline') {
    yield body.bytes;
    return;
  }
  if (body.length === 0) return;
  const end = body.offset + body.length - 1;
  for await (const piece of createReadStream(body.file, { start: body.offset, end, highWaterMark: 256 * 1024 })) {
    if (Buffer.isBuffer(piece)) yield piece;
  }
}

/** Resolves when the socket takes more, rejects when it never will. */
const drained = (socket: net.Socket): Promise<void> =>
  new Promise((resolve, reject) => {
    const done = (): void => {
      socket.removeListener('drain', done);
      socket.removeListener('close', gone);
      resolve();
    };
    const gone = (): void => {
      socket.removeListener('drain', done);
      reject(new Error('connection closed while the content was sent'));
    };
    if (socket.destroyed) reject(new Error('connection closed while the content was sent'));
    socket.once('drain', done);
    socket.once('close', gone);
  });
