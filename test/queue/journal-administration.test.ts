import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { AnsweredRequest, QueueStorage } from '../../src/queue/administration.ts';
import { journalStorage } from '../../src/queue/journal/storage.ts';
import { openStore } from '../../src/queue/journal/store.ts';
import { scriptFrom } from '../kit/main.ts';
import { inline, record } from './sample.ts';

const answered: AnsweredRequest[] = [];
const onAnswered = (request: AnsweredRequest): void => void answered.push(request);

describe('an operator at the queue', () => {
  let path: string;
  let storage: QueueStorage;
  let relay: ChildProcess | null = null;

  beforeEach(async () => {
    answered.length = 0;
    path = await mkdtemp(join(tmpdir(), 'relayctl-operators-'));
    storage = journalStorage({ path });
    const store = await openStore({ path, segmentSize: 256 * 1024, report: () => {} });
    for (const id of ['m1', 'm2', 'm3']) await store.add(record(id), inline(`body of ${id}`, `Subject: ${id}\r\n\r\n`));
    await store.update(record('m2', { state: 'quarantined', reason: 'odd' }));
    await store.close();
  });
  afterEach(async () => {
    relay?.kill('SIGKILL');
    relay = null;
    await rm(path, { recursive: true });
  });

  const startRelay = async (): Promise<void> => {
    relay = spawn(process.execPath, [...scriptFrom(import.meta.dirname, 'holder'), path], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (relay.stdout) await once(relay.stdout, 'data');
  };
  const states = async (): Promise<Record<string, string>> =>
    Object.fromEntries((await storage.list()).map(({ id, state }) => [id, state]));

  for (const running of [false, true])
    it(`works on a relay that ${running ? 'runs' : 'is stopped'}`, async () => {
      if (running) await startRelay();
      assert.deepEqual(await states(), { m1: 'queued', m2: 'quarantined', m3: 'queued' });
      const shown = await storage.show('m2');
      assert.equal(shown?.header.toString(), 'Subject: m2\r\n\r\n');
      assert.equal(shown.running, running);
      assert.equal(shown.record.reason, 'odd');
      assert.deepEqual(await storage.act(['m1', 'm2', 'nobody'], { action: 'hold', onAnswered }), ['done', 'refused', 'missing']);
      assert.deepEqual(await storage.act(['m2', 'm1'], { action: 'release', onAnswered }), ['done', 'done']);
      assert.deepEqual(await storage.act(['m3'], { action: 'delete', onAnswered }), ['done']);
      assert.deepEqual(await storage.act(['m1'], { action: 'retry', onAnswered }), ['done']);
      assert.deepEqual(await states(), { m1: 'queued', m2: 'queued' });
      assert.equal(await storage.show('m3'), null);
      const deleted = answered.filter(({ action }) => action === 'delete');
      assert.equal(deleted.length, running ? 0 : 1, 'who acts itself hears of it; a relay that runs has a log of its own');
      if (!running) assert.deepEqual([deleted[0]?.record?.id, deleted[0]?.result, deleted[0]?.uid], ['m3', 'done', process.getuid?.()]);
    });

  it('finds the mail of a relay that was killed', async () => {
    await startRelay();
    relay?.kill('SIGKILL');
    if (relay) await once(relay, 'exit');
    assert.deepEqual(await storage.act(['m1'], { action: 'hold', onAnswered }), ['done']);
    assert.deepEqual(await states(), { m1: 'held', m2: 'quarantined', m3: 'queued' });
  });

  it('lists entries set aside as corrupt', async () => {
    assert.deepEqual(await storage.corrupt(), []);
    await rm(join(path, 'corrupt'), { force: true, recursive: true });
    const store = await openStore({ path, segmentSize: 256 * 1024, report: () => {} });
    await store.close();
    const [segment = ''] = await segments(path);
    const bytes = await readFile(segment);
    bytes[bytes.indexOf('body of m1')] = 0;
    await writeFile(segment, bytes);
    assert.deepEqual(await storage.act(['m3'], { action: 'hold', onAnswered }), ['done']);
    assert.equal((await storage.corrupt()).length, 1);
    assert.deepEqual(await states(), { m2: 'quarantined', m3: 'held' });
  });
});

const segments = async (path: string): Promise<string[]> =>
  (await readdir(path, { recursive: true })).filter((name) => name.endsWith('.seg')).map((name) => join(path, name));
