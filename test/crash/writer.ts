/*
 * The one that is killed: writes into a store for as long as it lives and says on standard output what it
 * was promised, each word written before anything else happens.
 *
 *   +id  added          !id  updated         ?id  about to be removed      -id  removed
 *   x… code              rejected
 */
import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { openStore } from '../../src/queue/journal/store.ts';
import type { MessageStore } from '../../src/queue/store.ts';
import { idsIn } from '../queue/conformance.ts';
import { addSample, recordOf, SEGMENT_SIZE } from './sample.ts';

const [, , path = '', prefix = '', writers = '20', most = '1000000'] = process.argv;

/** Some 10 MB: what a small disk can hold. */
const MOST_KEPT = 1_500;

const say = (word: string): void => {
  writeSync(1, `${word}\n`);
};

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : String(error));

const attempt = async (word: string, work: Promise<void>): Promise<boolean> => {
  try {
    await work;
    say(word);
    return true;
  } catch (error) {
    say(`x${word} ${codeOf(error)}`);
    await pause(20);
    return false;
  }
};

const removal = async (store: MessageStore, id: string): Promise<void> => {
  say(`?${id}`);
  await attempt(`-${id}`, store.remove(id));
};

const store = await openStore({ path, segmentSize: SEGMENT_SIZE, report: (damage) => say(`damage ${JSON.stringify(damage)}`) });
await store.adopt();
say('ready');
let left = Number(most);

const oneLife = async (id: string): Promise<void> => {
  if (!(await attempt(`+${id}`, addSample(store, id)))) return;
  if (Math.random() < 0.3) await attempt(`!${id}`, store.update(recordOf(id, 1)));
  if (Math.random() < 0.9 || store.status().queued > MOST_KEPT) await removal(store, id);
};

const old = (await idsIn(store)).filter(() => Math.random() < 0.7);
let count = 0;

const write = async (): Promise<void> => {
  while (left-- > 0) {
    const id = old.pop();
    if (id) await removal(store, id);
    await oneLife(`${prefix}-${count++}`);
  }
};

await Promise.all(Array.from({ length: Number(writers) }, write));
await store.close();
say('end');
