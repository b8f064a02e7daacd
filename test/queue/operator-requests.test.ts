import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { thisProcess } from '../../src/queue/journal/owner.ts';
import { journalStorage } from '../../src/queue/journal/storage.ts';
import { openQueue } from '../../src/queue/mail-queue.ts';
import { inline, record } from './sample.ts';

test('requests to killed processes are removed when the next one starts, and its own when it stops', async () => {
  const path = await mkdtemp(join(tmpdir(), 'relayctl-requests-'));
  await mkdir(join(path, 'requests/4194999-1-dead'), { recursive: true });
  const storage = journalStorage({ path });
  const store = await storage.open((damage) => assert.fail(damage.reason));
  const queue = openQueue({ store, now: Date.now, onError: assert.ifError });
  const answering = storage.answerRequests({ queue, onError: assert.ifError });
  const waiting = async (): Promise<string> => (await readdir(join(path, 'requests'))).join();
  for (const until = Date.now() + 120_000; (await waiting()) !== thisProcess() && Date.now() < until; ) await pause(5);
  assert.equal(await waiting(), thisProcess());
  await answering.stop();
  assert.equal(await waiting(), '');
  await queue.close();
  await store.close();
  await rm(path, { recursive: true });
});

test('a request to a process that is not ready yet is carried out once it is', async () => {
  const path = await mkdtemp(join(tmpdir(), 'relayctl-requests-'));
  const storage = journalStorage({ path });
  const store = await storage.open((damage) => assert.fail(damage.reason));
  await store.add(record('m1'), inline('body', 'Subject: m1\r\n\r\n'));
  const queue = openQueue({ store, now: Date.now, onError: assert.ifError });
  const folder = join(path, 'requests', thisProcess());
  await mkdir(folder, { recursive: true });
  const asked = storage.act(['m1'], { action: 'hold', onAnswered: () => undefined });
  while (!(await readdir(folder)).some((name) => name.endsWith('.request'))) await pause(5);
  const answering = storage.answerRequests({ queue, onError: assert.ifError });
  assert.deepEqual(await asked, ['done']);
  await answering.stop();
  await queue.close();
  await store.close();
  await rm(path, { recursive: true });
});

test('a request left for an earlier process with the same pid is not carried out', async () => {
  const path = await mkdtemp(join(tmpdir(), 'relayctl-requests-'));
  const file = join(path, 'requests', thisProcess(), 'old.request');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify({ id: 'm1', action: 'delete', actor: null }));
  await utimes(file, 1, 1);
  const storage = journalStorage({ path });
  const store = await storage.open((damage) => assert.fail(damage.reason));
  await store.add(record('m1'), inline('body', 'Subject: m1\r\n\r\n'));
  const queue = openQueue({ store, now: Date.now, onError: assert.ifError });
  const answering = storage.answerRequests({ queue, onError: assert.ifError, onAnswered: () => assert.fail('carried out') });
  for (const until = Date.now() + 120_000; (await readdir(dirname(file))).length > 0 && Date.now() < until; ) await pause(5);
  assert.deepEqual(await readdir(dirname(file)), []);
  await answering.stop();
  await queue.close();
  await store.close();
  await rm(path, { recursive: true });
});
