import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Act } from '../../src/queue/inbox.ts';
import { openStore } from '../../src/queue/journal/store.ts';
import { intervene, listCorrupt, listMessages, showMessage } from '../../src/queue/operations.ts';
import { inline, record } from './sample.ts';

const acts: Act[] = [];
const onAct = (act: Act): void => void acts.push(act);

describe('what a person does to the queue', () => {
  let path: string;
  let relay: ChildProcess | null = null;

  beforeEach(async () => {
    acts.length = 0;
    path = await mkdtemp(join(tmpdir(), 'relayctl-operations-'));
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
    const script = fileURLToPath(new URL('holder.ts', import.meta.url));
    relay = spawn(process.execPath, ['--import', 'tsx', script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    if (relay.stdout) await once(relay.stdout, 'data');
  };
  const states = async (): Promise<Record<string, string>> =>
    Object.fromEntries((await listMessages(path)).map(({ id, state }) => [id, state]));

  for (const running of [false, true])
    it(`works on a relay that ${running ? 'runs' : 'is stopped'}`, async () => {
      if (running) await startRelay();
      assert.deepEqual(await states(), { m1: 'queued', m2: 'quarantined', m3: 'queued' });
      const shown = await showMessage(path, 'm2');
      assert.equal(shown?.header.toString(), 'Subject: m2\r\n\r\n');
      assert.equal(shown.running, running);
      assert.equal(shown.record.reason, 'odd');
      assert.deepEqual(await intervene(path, ['m1', 'm2', 'nobody'], { what: 'hold', onAct }), ['done', 'refused', 'missing']);
      assert.deepEqual(await intervene(path, ['m2', 'm1'], { what: 'release', onAct }), ['done', 'done']);
      assert.deepEqual(await intervene(path, ['m3'], { what: 'delete', onAct }), ['done']);
      assert.deepEqual(await intervene(path, ['m1'], { what: 'retry', onAct }), ['done']);
      assert.deepEqual(await states(), { m1: 'queued', m2: 'queued' });
      assert.equal(await showMessage(path, 'm3'), null);
      const deleted = acts.filter(({ what }) => what === 'delete');
      assert.equal(deleted.length, running ? 0 : 1, 'who acts itself hears of it; a relay that runs has a log of its own');
      if (!running) assert.deepEqual([deleted[0]?.record?.id, deleted[0]?.answer, deleted[0]?.uid], ['m3', 'done', process.getuid?.()]);
    });

  it('finds the mail of a relay that was killed', async () => {
    await startRelay();
    relay?.kill('SIGKILL');
    if (relay) await once(relay, 'exit');
    assert.deepEqual(await intervene(path, ['m1'], { what: 'hold', onAct }), ['done']);
    assert.deepEqual(await states(), { m1: 'held', m2: 'quarantined', m3: 'queued' });
  });

  it('names what was set aside', async () => {
    assert.deepEqual(await listCorrupt(path), []);
    await rm(join(path, 'corrupt'), { force: true, recursive: true });
    const store = await openStore({ path, segmentSize: 256 * 1024, report: () => {} });
    await store.close();
    const [segment = ''] = await segments(path);
    const bytes = await readFile(segment);
    bytes[bytes.indexOf('body of m1')] = 0;
    await writeFile(segment, bytes);
    assert.deepEqual(await intervene(path, ['m3'], { what: 'hold', onAct }), ['done']);
    assert.equal((await listCorrupt(path)).length, 1);
    assert.deepEqual(await states(), { m2: 'quarantined', m3: 'held' });
  });
});

const segments = async (path: string): Promise<string[]> => {
  return (await readdir(path, { recursive: true })).filter((name) => name.endsWith('.seg')).map((name) => join(path, name));
};
