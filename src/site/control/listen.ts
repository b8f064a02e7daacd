import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
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
  return question.ask === 'status' ? answers.status() : answers.reload(question.actor ?? null);
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

/** Rejects with EADDRINUSE if there is anything of that name. */
const listening = (path: string, answers: Answers): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => serve(socket, answers));
    server.once('error', reject);
    server.listen(path, () => resolve(server));
  });

/** `null` if there is something of that name. */
const listeningAlone = async (path: string, answers: Answers): Promise<Server | null> => {
  try {
    return await listening(path, answers);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return null;
    throw error;
  }
};

/** Milliseconds: longer than anybody needs to replace a socket, so a lock that is still there is a dead relay's. */
const TIMEOUT = 3_000;

const locked = (lock: string): boolean => {
  try {
    mkdirSync(lock, { mode: 0o700 });
    return true;
  } catch {
    return false;
  }
};

/** One at a time: of two that find the same dead socket, the slower would remove what the faster has put there. */
const alone = async <Result>(lock: string, work: () => Promise<Result>): Promise<Result> => {
  const until = performance.now() + TIMEOUT;
  while (!locked(lock) && performance.now() < until) await pause(20);
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
};

const inPlaceOfTheDead = async (path: string, answers: Answers): Promise<Server | null> => {
  if (await isAlive(path)) return null;
  rmSync(path, { force: true });
  return listeningAlone(path, answers);
};

const taken = async (path: string, answers: Answers): Promise<Server | null> =>
  (await listeningAlone(path, answers)) ?? ((await isAlive(path)) ? null : alone(`${path}.lock`, () => inPlaceOfTheDead(path, answers)));

/**
 * Answers questions about the relay until closed. A socket that a dead relay left behind is taken over.
 * Rejects with `AlreadyRunning`, so that two relays never share a queue by accident.
 */
export const openControl = async (queuePath: string, answers: Answers): Promise<{ close(): void }> => {
  mkdirSync(queuePath, { recursive: true, mode: 0o700 });
  const path = controlSocket(queuePath);
  const server = await taken(path, answers);
  if (!server) throw new AlreadyRunning(queuePath);
  chmodSync(path, 0o600);
  server.unref();
  return { close: () => server.close() };
};
