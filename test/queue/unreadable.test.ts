import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { openStore } from '../../src/queue/journal/store.ts';
import { openQueue } from '../../src/queue/mail-queue.ts';
import type { Damage, MessageStore } from '../../src/queue/store.ts';
import { bytesOf } from './conformance.ts';
import { inline, record, takeFrom } from './sample.ts';

const BODY = Buffer.alloc(2_000_000, 'b');

describe('a body file that the disk cannot read', () => {
  let path: string;
  let store: MessageStore;
  let damages: Damage[];

  const bodyFile = async (): Promise<string> => {
    const [file = ''] = (await readdir(path, { recursive: true })).filter((name) => /bodies\/\w+$/.test(name));
    return join(path, file);
  };

  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'relayctl-unreadable-'));
    damages = [];
    store = await openStore({ path, report: (damage) => damages.push(damage) });
    await store.add(record('big'), inline(BODY));
  });
  afterEach(async () => {
    await store.close();
    await rm(path, { recursive: true });
  });

  it('is not treated as damaged: the message stays, and is intact afterwards', async () => {
    const file = await bodyFile();
    await rename(file, `${path}/elsewhere`);
    await symlink(file, file);
    await assert.rejects(store.content('big'), { code: 'ELOOP' });
    assert.deepEqual(store.status(), { queued: 1, held: 0, quarantined: 0, corrupt: 0 });
    await rename(`${path}/elsewhere`, file);
    assert.ok((await bytesOf(await store.content('big'))).subarray(14).equals(BODY));
    assert.deepEqual(damages, []);
  });

  it('is set aside as corrupt if its content has changed', async () => {
    await writeFile(await bodyFile(), 'what is left');
    await assert.rejects(store.content('big'), { code: 'EBADMSG' });
    assert.equal(await readFile(join(path, 'corrupt/big.body'), 'utf8'), 'what is left');
    assert.equal(damages[0]?.keptIn, join(path, 'corrupt/big'));
    assert.deepEqual(store.status(), { queued: 0, held: 0, quarantined: 0, corrupt: 1 });
  });

  it('stays in the queue while it cannot be set aside', async () => {
    await writeFile(await bodyFile(), 'what is left');
    await writeFile(join(path, 'corrupt'), 'no folder');
    await assert.rejects(store.content('big'), { code: 'EBADMSG' });
    assert.equal(damages[0]?.keptIn, null);
    assert.equal((await store.get('big'))?.id, 'big');
    assert.equal(await readFile(await bodyFile(), 'utf8'), 'what is left');
  });

  it('is not read to its end if it has changed before the first attempt, and is set aside at the next', async () => {
    const sink = await store.newBody();
    await sink.append(BODY);
    const queue = openQueue({ store, now: () => 1_000, onError: (error) => assert.ifError(error) });
    const header = Buffer.from('Subject: x\r\n\r\n');
    await store.remove('big');
    await queue.enqueue(record('new'), { header, body: await sink.finish() });
    assert.ok((await bytesOf(await queue.content('new'))).subarray(14).equals(BODY));
    await writeFile(await bodyFile(), Buffer.from(BODY).fill('c', 5, 6));
    await assert.rejects(async () => bytesOf(await queue.content('new')), /does not fit its checksum/);
    assert.equal((await takeFrom(queue))?.id, 'new');
    const report = { code: 451, enhanced: '4.3.0', text: 'so', remote: '', at: 5 };
    await queue.settle('new', [{ fate: 'deferred', address: 'b@example.net', nextAttempt: 2_000, report }]);
    await assert.rejects(queue.content('new'), { code: 'EBADMSG' });
    assert.equal(store.status().corrupt, 1);
    await queue.close();
  });
});
