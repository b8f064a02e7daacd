/*
 * How a person reaches a message that a running process has: a request is a file in that process's inbox,
 * put there whole by a rename; the process does it and puts the answer beside it. Nobody but the owner of a
 * message ever writes about it.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive, thisProcess } from './journal/owner.ts';
import type { AttendedQueue, Intervened, Intervention } from './queue.ts';

/** Milliseconds. */
const LOOK_EVERY = 250;
const PATIENCE = 10_000;
const STEP = 50;

const INTERVENTIONS: readonly string[] = ['retry', 'hold', 'release', 'delete', 'quarantine'] satisfies readonly Intervention[];
const ANSWERS: readonly string[] = ['done', 'missing', 'busy', 'refused', 'failed'] satisfies readonly Answer[];

/** `failed`: the disk refused it. `unanswered`: the process did not get round to it. */
export type Answer = Intervened | 'failed' | 'unanswered';

interface Request {
  readonly id: string;
  readonly what: Intervention;
}

const isIntervention = (value: unknown): value is Intervention => typeof value === 'string' && INTERVENTIONS.includes(value);
const isAnswer = (value: string): value is Answer => ANSWERS.includes(value);

const isRequest = (value: unknown): value is Request =>
  typeof value === 'object' &&
  value !== null &&
  'id' in value &&
  typeof value.id === 'string' &&
  'what' in value &&
  isIntervention(value.what);

const inboxOf = (path: string, owner: string): string => join(path, 'inbox', owner);

/** Puts a request before the process that has the message, and waits for its answer. */
export const ask = async (path: string, owner: string, request: Request): Promise<Answer> => {
  const file = join(inboxOf(path, owner), `${Date.now().toString(36)}-${randomBytes(6).toString('hex')}`);
  await mkdir(inboxOf(path, owner), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, JSON.stringify(request), { mode: 0o600 });
  await rename(`${file}.new`, `${file}.request`);
  for (let waited = 0; waited < PATIENCE; waited += STEP) {
    await pause(STEP);
    const answer = await readFile(`${file}.answer`, 'utf8').catch(() => null);
    if (answer === null) continue;
    await rm(`${file}.answer`);
    return isAnswer(answer) ? answer : 'failed';
  }
  await rm(`${file}.request`, { force: true });
  return 'unanswered';
};

export interface InboxOptions {
  /** Folder of the queue. */
  readonly path: string;
  readonly queue: AttendedQueue;
  readonly onError: (error: unknown) => void;
}

/** Answers what is asked of this process, until stopped. Requests from before its time, and those to processes that are gone, are thrown away: whoever asked has given up. */
export const answerInbox = (options: InboxOptions): { readonly stop: () => Promise<void> } => {
  const folder = inboxOf(options.path, thisProcess());
  let looking = removeOfTheDead(join(options.path, 'inbox'))
    .then(() => rm(folder, { recursive: true, force: true }))
    .then(() => mkdir(folder, { recursive: true, mode: 0o700 }))
    .then(() => {}, options.onError);
  const timer = setInterval(() => {
    looking = looking.then(() => answerAll(folder, options)).catch(options.onError);
  }, LOOK_EVERY).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await looking;
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const removeOfTheDead = async (inboxes: string): Promise<void> => {
  for (const owner of await readdir(inboxes).catch(() => []))
    if (!(await isAlive(owner))) await rm(join(inboxes, owner), { recursive: true, force: true });
};

const answerAll = async (folder: string, options: InboxOptions): Promise<void> => {
  for (const name of (await readdir(folder)).sort()) {
    if (!name.endsWith('.request')) continue;
    const base = join(folder, name.slice(0, -'.request'.length));
    const answer = await act(`${base}.request`, options);
    await writeFile(`${base}.done`, answer, { mode: 0o600 });
    await rename(`${base}.done`, `${base}.answer`);
  }
};

const act = async (file: string, { queue, onError }: InboxOptions): Promise<Answer> => {
  try {
    const request: unknown = JSON.parse(await readFile(file, 'utf8'));
    await rm(file);
    return isRequest(request) ? await queue.intervene(request.id, request.what) : 'refused';
  } catch (error) {
    onError(error);
    return 'failed';
  }
};
