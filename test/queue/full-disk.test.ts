import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { openStore } from '../../src/queue/journal/store.ts';
import type { MessageStore } from '../../src/queue/store.ts';
import { inline, recipient, record } from './sample.ts';

/** A folder where the next segment should be made stands for a disk without room. */
describe('a store without room for another segment', () => {
  let path: string;
  let store: MessageStore;
  let obstacle: string;
  const accepted: string[] = [];

  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'relayctl-no-room-'));
    store = await openStore({ path, segmentSize: 256 * 1024, report: (damage) => assert.fail(damage.reason) });
    const [folder = ''] = await readdir(path);
    obstacle = join(path, folder, 'spare');
    await store.add(record('first'), inline('x'));
    await rm(obstacle, { force: true });
    await mkdir(obstacle);
    accepted.splice(0, accepted.length, 'first');
    for (let id = 'm0'; await isDone(store.add(record(id), inline('x'.repeat(500)))); id = `m${accepted.length}`) accepted.push(id);
  });
  afterEach(async () => {
    await store.close();
    await rm(path, { recursive: true });
  });

  const isDone = (work: Promise<void>): Promise<boolean> =>
    work.then(
      () => true,
      () => false,
    );

  const deferral = (id: string, attempts: number): Promise<void> =>
    store.update(record(id, { recipients: [recipient('b@example.net', { attempts })] }));

  it('records a bounded number of deferrals, but every removal', async () => {
    assert.ok(accepted.length > 50);
    let deferrals = 0;
    while (deferrals < 2_000 && (await isDone(deferral('m2', deferrals)))) deferrals++;
    assert.ok(deferrals > 5 && deferrals < 2_000, `${deferrals} deferrals`);
    for (const id of accepted) await store.remove(id);
    assert.equal(store.status().queued, 0);
  });

  it('replaces a message by its report even if deferrals have used up their share', async () => {
    for (let count = 0; count < 2_000 && (await isDone(deferral('m2', count))); count++);
    await store.remove('m3', [{ record: record('report'), content: inline('it failed') }]);
    assert.equal((await store.get('report'))?.id, 'report');
  });

  it('accepts messages again once there is room', async () => {
    assert.equal(await isDone(store.add(record('refused'), inline('x'.repeat(500)))), false);
    await rmdir(obstacle);
    await store.add(record('again'), inline('x'.repeat(500)));
    assert.equal((await store.get('again'))?.id, 'again');
  });
});
