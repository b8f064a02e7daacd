import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { openStore } from '../../src/queue/journal/store.ts';
import { openQueue } from '../../src/queue/mail-queue.ts';
import { scriptFrom } from '../kit/main.ts';
import { inline, record, takeFrom } from './sample.ts';

const fail = (trouble: unknown): void => assert.fail(JSON.stringify(trouble));

it('mail of a killed process is taken over by another within seconds, and only once', { timeout: 600_000 }, async () => {
  const path = await mkdtemp(join(tmpdir(), 'relayctl-takeover-'));
  const filled = await openStore({ path, segmentSize: 256 * 1024, report: fail });
  for (const id of ['m1', 'm2']) await filled.add(record(id), inline(id));
  await filled.close();
  const first = spawn(process.execPath, [...scriptFrom(import.meta.dirname, 'holder'), path], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (first.stdout) await once(first.stdout, 'data');
  const store = await openStore({ path, segmentSize: 256 * 1024, report: fail });
  const queue = openQueue({ store, now: Date.now, onError: fail });
  assert.equal(await takeFrom(queue), null, 'what a living process has is not handed out');
  const due = new Promise<void>((resolve) => {
    queue.onDue(resolve);
  });
  first.kill('SIGKILL');
  const awake = setInterval(() => {}, 1_000);
  await due;
  clearInterval(awake);
  assert.deepEqual([(await takeFrom(queue))?.id, (await takeFrom(queue))?.id, await takeFrom(queue)], ['m1', 'm2', null]);
  await queue.close();
  await store.close();
  await rm(path, { recursive: true });
});
