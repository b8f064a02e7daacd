import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { thisActor } from './actor.ts';
import { type Act, type Answer, ask, attempt, type Request } from './inbox.ts';
import { openStore } from './journal/store.ts';
import { type Surveyed, survey } from './journal/survey.ts';
import { openQueue } from './mail-queue.ts';
import type { MessageRecord } from './message.ts';
import type { QueueAction } from './queue.ts';

/** Bytes of a header that are shown. */
const HEADER_LIMIT = 64 * 1024;

export interface Shown {
  readonly record: MessageRecord;
  /** The raw header, cut at 64 KiB: whoever prints it takes the control characters out. */
  readonly header: Buffer;
  /** A running process has it. */
  readonly running: boolean;
}

/** Every message of the queue in this folder, in order of arrival, whether the relay runs or not. Changes nothing. */
export const listMessages = async (path: string): Promise<readonly MessageRecord[]> => (await survey(path)).map(({ record }) => record);

/** One message; `null` if there is none of this id. */
export const showMessage = async (path: string, id: string): Promise<Shown | null> => {
  const found = await find(path, id);
  return found && { record: found.record, header: await found.header(HEADER_LIMIT), running: found.owner !== null };
};

/** Files of entries that did not fit their checksum, for a person to look at. */
export const listCorrupt = async (path: string): Promise<readonly string[]> => {
  const folder = join(path, 'corrupt');
  return (await readdir(folder).catch(() => [])).sort().map((name) => join(folder, name));
};

/** What is wanted of messages, and who hears of what this process does itself: a relay that runs has a log of its own. */
export interface Wanted {
  readonly what: QueueAction;
  readonly onAct: (act: Act) => void;
}

/** Does to each message what is wanted, through the process that has it or, when none does, itself. Answers in the order of the ids. */
export const intervene = async (path: string, ids: readonly string[], { what, onAct }: Wanted): Promise<readonly Answer[]> => {
  const actor = thisActor();
  const owners = new Map((await survey(path)).map(({ record, owner }) => [record.id, owner]));
  const ownerless = ids.filter((id) => owners.get(id) === null);
  const asked = await Promise.all(
    ids.map((id) => {
      const owner = owners.get(id);
      return owner ? ask(path, owner, { id, what, actor }) : null;
    }),
  );
  const requests = ownerless.map((id) => ({ id, what, actor }));
  const here = requests.length > 0 ? await interveneHere(path, requests) : [];
  for (const act of here) onAct(act);
  const answers = new Map(here.map(({ id, answer }) => [id, answer]));
  return ids.map((id, index) => asked[index] ?? answers.get(id) ?? 'missing');
};

const find = async (path: string, id: string): Promise<Surveyed | null> =>
  (await survey(path)).find(({ record }) => record.id === id) ?? null;

/** The relay does not run: this process has the queue for a moment. A relay that starts meanwhile takes over afterwards. */
const interveneHere = async (path: string, requests: readonly Request[]): Promise<readonly Act[]> => {
  await actAsOwner(path);
  const store = await openStore({ path, report: () => {} });
  await store.adopt();
  const errors: unknown[] = [];
  const queue = openQueue({ store, now: Date.now, onError: (error) => errors.push(error) });
  const acts: Act[] = [];
  for (const request of requests) acts.push({ ...(await attempt(queue, request, () => undefined)), uid: request.actor?.uid ?? null });
  await queue.close();
  await store.close();
  return acts;
};

/** Files that root makes here would be root's, and the relay could not write them. */
const actAsOwner = async (path: string): Promise<void> => {
  const { uid, gid } = await stat(path);
  if (process.geteuid?.() !== 0 || uid === 0) return;
  process.setegid?.(gid);
  process.seteuid?.(uid);
};
