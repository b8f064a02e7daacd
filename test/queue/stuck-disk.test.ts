import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { DISK_TIMEOUT } from '../../src/message/disk.ts';
import { openStore } from '../../src/queue/journal/store.ts';
import { stuckFile } from '../kit/stuck-file.ts';
import { bytesOf, idsIn } from './conformance.ts';
import { inline, record } from './sample.ts';

it('a store on a hanging disk refuses in time, keeps nothing, and resumes when the disk does', async (context) => {
  const path = await mkdtemp(join(tmpdir(), 'relayctl-stuck-'));
  const store = await openStore({ path, segmentSize: 64 * 1024, report: () => undefined });
  const [folder = ''] = (await readdir(path)).filter((name) => name.includes('@'));
  const spare = await stuckFile(join(path, folder, 'spare'));

  context.mock.timers.enable({ apis: ['setTimeout'] });
  const adding = ['m1', 'm2', 'm3'].map((id) => store.add(record(id), inline(id)));
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
  context.mock.timers.tick(DISK_TIMEOUT);
  for (const added of adding) await assert.rejects(added, { code: 'ETIMEDOUT' });
  context.mock.timers.reset();

  await spare.release();
  for (;;) {
    const added = await store.add(record('m4'), inline('m4')).then(
      () => true,
      () => false,
    );
    if (added) break;
  }
  assert.deepEqual(await idsIn(store), ['m4']);
  assert.equal((await bytesOf(await store.content('m4'))).toString(), 'Subject: x\r\n\r\nm4');
  await store.close();
  await rm(path, { recursive: true });
});
