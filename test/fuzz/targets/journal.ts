import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ledger } from '../../../src/ledger/ledger.ts';
import { limitRequest } from '../../../src/ledger/request.ts';
import { bodyPieces } from '../../../src/message/body.ts';
import { journalStorage } from '../../../src/queue/journal/storage.ts';
import type { MessageContent } from '../../../src/queue/message.ts';
import { inline, record } from '../../queue/sample.ts';
import { mutated } from '../mutate.ts';
import type { Random } from '../random.ts';
import { ownMemory, type Target } from '../target.ts';

const bodyOf = (id: string): string => `body of ${id}\r\n`.repeat(20);
const IDS = ['one', 'two', 'three', 'four', 'five'];

/** A queue as a relay that is gone has left it. */
const left = async (path: string): Promise<void> => {
  const store = await journalStorage({ path, segmentSize: 64 * 1024 }).open(() => undefined);
  for (const id of IDS) await store.add(record(id), inline(bodyOf(id)));
  await store.update(record('two', { state: 'held' }));
  await store.remove('three');
  await store.close();
  for (const name of await readdir(path))
    if (name.includes('@')) await rename(join(path, name), join(path, name.replace(/@.*/, '@4194999-1-dead')));
};

const ledgerOf = (path: string): Promise<Ledger> => Ledger.open({ path, bytes: 64 * 1024, now: () => 1_000, report: () => undefined });

const filesBelow = async (path: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const name of (await readdir(path, { recursive: true })).sort())
    if ((await stat(join(path, name))).isFile()) found.push(join(path, name));
  return found;
};

const damage = async (random: Random, path: string): Promise<void> => {
  const [first, ...rest] = await filesBelow(path);
  if (first === undefined) return;
  const file = random.pick([first, ...rest]);
  const bytes = await readFile(file);
  const used = bytes.subarray(0, Math.max(1, bytes.findLastIndex((byte) => byte !== 0) + 1));
  await writeFile(file, Buffer.concat([mutated(random, used, 0), bytes.subarray(used.length)]));
};

const textOf = async ({ body }: MessageContent): Promise<string> => {
  let text = '';
  for await (const piece of bodyPieces(body)) text += piece.toString();
  return text;
};

/** What is handed out is what was put in: nothing damaged is ever taken for a message. */
const checkQueue = async (path: string): Promise<void> => {
  const store = await journalStorage({ path, segmentSize: 64 * 1024 }).open(() => undefined);
  try {
    await store.adopt();
    for await (const { id } of store.records()) {
      assert.ok(IDS.includes(id), `a message nobody queued: ${id}`);
      const content = await store.content(id).catch(() => null);
      if (content !== null) assert.equal(await textOf(content), bodyOf(id));
    }
  } finally {
    await store.close();
  }
};

const checkLedger = async (path: string): Promise<void> => {
  const ledger = await ledgerOf(path);
  await ledger.ask(limitRequest({ name: 'n', key: 'k', network: '', cost: 1, max: 1, per: 1 }));
  assert.ok(ledger.status.entries <= 2_000);
  await ledger.close();
};

/** Files of the queue and of the ledger, damaged, opened by the next relay. */
export const journal: Target = {
  name: 'journal',
  patience: 5_000,
  open: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'relayctl-fuzz-'));
    await left(join(folder, 'queue'));
    const ledger = await ledgerOf(join(folder, 'ledger'));
    for (let count = 0; count < 50; count++)
      await ledger.ask(limitRequest({ name: 'n', key: String(count), network: '', cost: 1, max: 5, per: 1e9 }));
    await ledger.close();
    return {
      run: async (random) => {
        const copy = join(folder, 'copy');
        const [part, check] = random.pick([['queue', checkQueue] as const, ['ledger', checkLedger] as const]);
        await rm(copy, { recursive: true, force: true });
        await cp(join(folder, part), copy, { recursive: true });
        await damage(random, copy);
        await check(copy);
      },
      memory: ownMemory,
      close: () => rm(folder, { recursive: true, force: true }),
    };
  },
};
