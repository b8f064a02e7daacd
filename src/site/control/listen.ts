import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { answers as isAlive } from './answers.ts';
import { type Answers, readQuestion } from './protocol.ts';
import { controlSocket } from './socket-path.ts';

/** Another relay answers on the socket of this queue. */
export class AlreadyRunning extends Error {
  constructor(queuePath: string) {
    super(`another relay runs on the queue ${queuePath}`);
  }
}

const answer = async (line: string, answers: Answers): Promise<unknown> => {
  const question = readQuestion(line);
  if (!question) return { error: 'unknown question' };
  return question.ask === 'status' ? answers.status() : answers.reload();
};

const serve = (socket: Socket, answers: Answers): void => {
  socket.on('error', () => socket.destroy());
  createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY }).once('line', (line) => {
    answer(line, answers)
      .catch((error: unknown) => ({ error: String(error) }))
      .then((reply) => socket.end(`${JSON.stringify(reply)}\n`))
      .catch(() => socket.destroy());
  });
};

const listening = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });

/**
 * Answers questions about the relay until closed. A socket that a dead relay left behind is taken over.
 * Rejects with `AlreadyRunning`, so that two relays never share a queue by accident.
 */
export const openControl = async (queuePath: string, answers: Answers): Promise<{ close(): void }> => {
  mkdirSync(queuePath, { recursive: true, mode: 0o700 });
  const path = controlSocket(queuePath);
  if (await isAlive(path)) throw new AlreadyRunning(queuePath);
  rmSync(path, { force: true });
  const server = createServer((socket) => serve(socket, answers));
  await listening(server, path);
  chmodSync(path, 0o600);
  server.unref();
  return { close: () => server.close() };
};
