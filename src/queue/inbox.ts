/*
 * How a person reaches a message that a running process has: a request is a file in that process's inbox,
 * put there whole by a rename; the process does it and puts the answer beside it. Nobody but the owner of a
 * message ever writes about it.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isObject, type Json } from '../policy/json.ts';
import { type Actor, readActor } from './actor.ts';
import { isAlive, thisProcess } from './journal/owner.ts';
import type { MessageRecord } from './message.ts';
import type { ActionResult, AdministeredQueue, QueueAction } from './queue.ts';

/** Milliseconds. */
const LOOK_EVERY = 250;
const PATIENCE = 10_000;
const STEP = 50;

const QUEUE_ACTIONS: readonly string[] = ['retry', 'hold', 'release', 'delete', 'quarantine'] satisfies readonly QueueAction[];
const ANSWERS: readonly string[] = ['done', 'missing', 'busy', 'refused', 'failed'] satisfies readonly Answer[];

/** `failed`: the disk refused it. `unanswered`: the process did not get round to it. */
export type Answer = ActionResult | 'failed' | 'unanswered';

export interface Request {
  readonly id: string;
  readonly what: QueueAction;
  readonly actor: Actor | null;
}

/** What somebody wanted with a message, and what came of it: for the log. */
export interface Act {
  readonly id: string;
  readonly what: QueueAction;
  readonly answer: Answer;
  /** As it was before; `null` if there is no such message. */
  readonly record: MessageRecord | null;
  readonly actor: Actor | null;
  /** Of the account that asked, as the system has it; `null` where there is only `actor`'s word. */
  readonly uid: number | null;
}

const isQueueAction = (value: Json | undefined): value is QueueAction => typeof value === 'string' && QUEUE_ACTIONS.includes(value);
const isAnswer = (value: string): value is Answer => ANSWERS.includes(value);

/** Ids are shorter. */
const ID_LIMIT = 64;

const readRequest = (text: string): Request | null => {
  const value: Json = JSON.parse(text);
  if (!isObject(value) || typeof value.id !== 'string' || value.id.length > ID_LIMIT || !isQueueAction(value.what)) return null;
  return { id: value.id, what: value.what, actor: readActor(value.actor) };
};

const inboxOf = (path: string, owner: string): string => join(path, 'inbox', owner);

/** Puts a request before the process that has the message, and waits for its answer. */
export const ask = async (path: string, owner: string, request: Request): Promise<Answer> => {
  const file = join(inboxOf(path, owner), `${Date.now().toString(36)}-${randomBytes(6).toString('hex')}`);
  await mkdir(inboxOf(path, owner), { recursive: true, mode: 0o700 });
  // Readable for the relay also where root asks; nobody else comes into the folder. Whose file it is tells who asks.
  await writeFile(`${file}.new`, JSON.stringify(request), { mode: 0o644 });
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
  readonly queue: AdministeredQueue;
  readonly onError: (error: unknown) => void;
  /** Hears of everything that was asked and answered. */
  readonly onAct?: (act: Act) => void;
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

const act = async (file: string, { queue, onError, onAct }: InboxOptions): Promise<Answer> => {
  try {
    const { uid } = await stat(file);
    const request = readRequest(await readFile(file, 'utf8'));
    await rm(file);
    if (request === null) return 'refused';
    const done = await attempt(queue, request, onError);
    onAct?.({ ...done, uid });
    return done.answer;
  } catch (error) {
    onError(error);
    return 'failed';
  }
};

/** Does what is asked, whatever comes of it. */
export const attempt = async (queue: AdministeredQueue, request: Request, onError: (error: unknown) => void): Promise<Omit<Act, 'uid'>> => {
  const { id, what } = request;
  try {
    const record = queue.look(id);
    return { ...request, record, answer: await queue.intervene(id, what) };
  } catch (error) {
    onError(error);
    return { ...request, record: null, answer: 'failed' };
  }
};
