import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { thisActor } from '../actor.ts';
import {
  type ActionOptions,
  type AnsweredRequest,
  carryOut,
  type OperatorRequest,
  type QueueStorage,
  type RequestResult,
} from '../administration.ts';
import { openQueue } from '../mail-queue.ts';
import { answerRequests, askOwner } from './operator-requests.ts';
import { openStore, type StoreOptions } from './store.ts';
import { survey } from './survey.ts';

/** Bytes of a header that are shown. */
const HEADER_LIMIT = 64 * 1024;

/** A queue kept as journals in a folder, which is created when a store is opened. */
export const journalStorage = (place: Pick<StoreOptions, 'path' | 'segmentSize'>): QueueStorage => {
  const { path } = place;
  return {
    open: (report) => openStore({ ...place, report }),
    answerRequests: (options) => answerRequests(path, options),
    list: async () => (await survey(path)).map(({ record }) => record),
    show: async (id) => {
      const found = (await survey(path)).find(({ record }) => record.id === id);
      return found ? { record: found.record, header: await found.header(HEADER_LIMIT), running: found.owner !== null } : null;
    },
    corrupt: async () => {
      const folder = join(path, 'corrupt');
      return (await readdir(folder).catch(() => [])).sort().map((name) => join(folder, name));
    },
    act: (ids, options) => act(path, ids, options),
  };
};

const act = async (path: string, ids: readonly string[], { action, onAnswered }: ActionOptions): Promise<readonly RequestResult[]> => {
  const actor = thisActor();
  const owners = new Map((await survey(path)).map(({ record, owner }) => [record.id, owner]));
  const asked = await Promise.all(
    ids.map((id) => {
      const owner = owners.get(id);
      return owner ? askOwner(path, owner, { id, action, actor }) : null;
    }),
  );
  const ownerless = ids.filter((id) => owners.get(id) === null).map((id) => ({ id, action, actor }));
  const here = ownerless.length > 0 ? await actHere(path, ownerless) : [];
  for (const answered of here) onAnswered(answered);
  const results = new Map(here.map(({ id, result }) => [id, result]));
  return ids.map((id, index) => asked[index] ?? results.get(id) ?? 'missing');
};

/** The relay is not running, so this process owns the queue for a moment. A relay that starts meanwhile takes over afterwards. */
const actHere = async (path: string, requests: readonly OperatorRequest[]): Promise<readonly AnsweredRequest[]> => {
  await becomeOwnerOf(path);
  const store = await openStore({ path, report: () => {} });
  await store.adopt();
  const queue = openQueue({ store, now: Date.now, onError: () => {} });
  const answered: AnsweredRequest[] = [];
  for (const request of requests) answered.push({ ...(await carryOut(queue, request, () => undefined)), uid: request.actor?.uid ?? null });
  await queue.close();
  await store.close();
  return answered;
};

/** Files created here by root would belong to root, and the relay could not write them. */
const becomeOwnerOf = async (path: string): Promise<void> => {
  const { uid, gid } = await stat(path);
  if (process.geteuid?.() !== 0 || uid === 0) return;
  process.setegid?.(gid);
  process.seteuid?.(uid);
};
