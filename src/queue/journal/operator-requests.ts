/*
 * How an operator acts on a message that a running process owns: a request is a file in that process's
 * request folder, put there atomically by a rename; the process carries it out and puts the result next to it.
 * Only the owner of a message ever writes its records.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isObject, type Json } from '../../policy/json.ts';
import { readActor } from '../actor.ts';
import { type AnsweringOptions, carryOut, type OperatorRequest, type RequestResult } from '../administration.ts';
import type { QueueAction } from '../queue.ts';
import { isAlive, thisProcess } from './owner.ts';

/** Milliseconds. */
const LOOK_EVERY = 250;
const ANSWER_TIMEOUT = 10_000;
const ANSWER_POLL = 50;
/** How far the time of a file may lag behind the clock of a process. */
const CLOCK_TICK = 20;

const QUEUE_ACTIONS: readonly string[] = ['retry', 'hold', 'release', 'delete', 'quarantine'] satisfies readonly QueueAction[];
const RESULTS: readonly string[] = ['done', 'missing', 'busy', 'refused', 'failed'] satisfies readonly RequestResult[];

const isQueueAction = (value: Json | undefined): value is QueueAction => typeof value === 'string' && QUEUE_ACTIONS.includes(value);
const isResult = (value: string): value is RequestResult => RESULTS.includes(value);

/** Ids are shorter. */
const ID_LIMIT = 64;

const readRequest = (text: string): OperatorRequest | null => {
  const value: Json = JSON.parse(text);
  if (!isObject(value) || typeof value.id !== 'string' || value.id.length > ID_LIMIT || !isQueueAction(value.action)) return null;
  return { id: value.id, action: value.action, actor: readActor(value.actor) };
};

const requestsFolder = (path: string): string => join(path, 'requests');
const folderOf = (path: string, owner: string): string => join(requestsFolder(path), owner);

/** Sends a request to the process that owns the message and waits for its answer. */
export const askOwner = async (path: string, owner: string, request: OperatorRequest): Promise<RequestResult> => {
  const folder = folderOf(path, owner);
  const file = join(folder, `${Date.now().toString(36)}-${randomBytes(6).toString('hex')}`);
  let isPut = false;
  for (let waited = 0; waited < ANSWER_TIMEOUT; waited += ANSWER_POLL) {
    if (!isPut) isPut = await put(file, request);
    await pause(ANSWER_POLL);
    const answer = await readFile(`${file}.answer`, 'utf8').catch(() => null);
    if (answer === null) continue;
    await rm(`${file}.answer`);
    return isResult(answer) ? answer : 'failed';
  }
  await rm(`${file}.request`, { force: true });
  return 'unanswered';
};

/** False while the owning process has not created its folder: one created by root here would be unreadable for the relay. */
const put = async (file: string, request: OperatorRequest): Promise<boolean> => {
  try {
    // Readable for the relay even if root asks; the folder is private. The owner of the file tells who asked.
    await writeFile(`${file}.new`, JSON.stringify(request), { mode: 0o644 });
    await rename(`${file}.new`, `${file}.request`);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
};

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/**
 * Answers requests to this process until stopped. Requests older than the process, or to processes that are gone, are
 * discarded: the operator has given up. Its own folder may already hold valid ones, as it owns messages before it answers.
 */
export const answerRequests = (path: string, options: AnsweringOptions): { readonly stop: () => Promise<void> } => {
  const folder = folderOf(path, thisProcess());
  let looking = removeOfDeadProcesses(requestsFolder(path))
    .then(() => mkdir(folder, { recursive: true, mode: 0o700 }))
    .then(() => removeFromBefore(folder))
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

const removeOfDeadProcesses = async (requests: string): Promise<void> => {
  for (const owner of await readdir(requests).catch(() => []))
    if (!(await isAlive(owner))) await rm(join(requests, owner), { recursive: true, force: true });
};

/** Without `/proc`, a dead process with the same pid may have used this process's folder name. */
const removeFromBefore = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    const { mtimeMs } = await stat(file);
    if (mtimeMs < performance.timeOrigin - CLOCK_TICK) await rm(file, { force: true });
  }
};

const answerAll = async (folder: string, options: AnsweringOptions): Promise<void> => {
  for (const name of (await readdir(folder)).sort()) {
    if (!name.endsWith('.request')) continue;
    const base = join(folder, name.slice(0, -'.request'.length));
    const result = await answer(`${base}.request`, options);
    await writeFile(`${base}.done`, result, { mode: 0o600 });
    await rename(`${base}.done`, `${base}.answer`);
  }
};

const answer = async (file: string, { queue, onError, onAnswered }: AnsweringOptions): Promise<RequestResult> => {
  try {
    const { uid } = await stat(file);
    const request = readRequest(await readFile(file, 'utf8'));
    await rm(file);
    if (request === null) return 'refused';
    const answered = await carryOut(queue, request, onError);
    onAnswered?.({ ...answered, uid });
    return answered.result;
  } catch (error) {
    onError(error);
    return 'failed';
  }
};
