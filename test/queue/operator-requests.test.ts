import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { thisProcess } from '../../src/queue/journal/owner.ts';
import { journalStorage } from '../../src/queue/journal/storage.ts';
import { openQueue } from '../../src/queue/mail-queue.ts';

test('requests to processes that were killed go when the next one starts to answer, and its own when it stops', async () => {
  const path = await mkdtemp(join(tmpdir(), 'relayctl-requests-'));
  await mkdir(join(path, 'requests/4194999-1-dead'), { recursive: true });
  const storage = journalStorage({ path });
  const store = await storage.open((damage) => assert.fail(damage.reason));
  const queue = openQueue({ store, now: Date.now, onError: assert.ifError });
  const answering = storage.answerRequests({ queue, onError: assert.ifError });
  const waiting = async (): Promise<string> => (await readdir(join(path, 'requests'))).join();
  for (const until = Date.now() + 5_000; (await waiting()) !== thisProcess() && Date.now() < until; ) await pause(5);
  assert.equal(await waiting(), thisProcess());
  await answering.stop();
  assert.equal(await waiting(), '');
  await queue.close();
  await store.close();
  await rm(path, { recursive: true });
});
