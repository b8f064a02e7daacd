import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { answerInbox } from '../../src/queue/inbox.ts';
import { thisProcess } from '../../src/queue/journal/owner.ts';
import { openStore } from '../../src/queue/journal/store.ts';
import { openQueue } from '../../src/queue/mail-queue.ts';

test('inboxes of processes that were killed go when the next one opens its own, and that one when it stops', async () => {
  const path = await mkdtemp(join(tmpdir(), 'relayctl-inbox-'));
  await mkdir(join(path, 'inbox/4194999-1-dead'), { recursive: true });
  const store = await openStore({ path, report: (damage) => assert.fail(damage.reason) });
  const queue = openQueue({ store, now: Date.now, onError: assert.ifError });
  const inbox = answerInbox({ path, queue, onError: assert.ifError });
  await pause(100);
  assert.deepEqual(await readdir(join(path, 'inbox')), [thisProcess()]);
  await inbox.stop();
  assert.deepEqual(await readdir(join(path, 'inbox')), []);
  await queue.close();
  await store.close();
  await rm(path, { recursive: true });
});
