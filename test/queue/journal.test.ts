import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { openStore } from '../../src/queue/journal/store.ts';
import type { Damage, MessageStore } from '../../src/queue/store.ts';
import { until } from '../kit/until.ts';
import { arrived, bytesOf, idsIn } from './conformance.ts';
import { inline, record } from './sample.ts';

const SEGMENT = 64 * 1024;

describe('the journal on the disk', () => {
  let path: string;
  let store: MessageStore;
  let damages: Damage[];

  const open = async (): Promise<void> => {
    store = await openStore({ path, segmentSize: SEGMENT, report: (damage) => damages.push(damage) });
    await store.adopt();
  };
  const files = async (ending: string): Promise<string[]> =>
    (await readdir(path, { recursive: true })).filter((name) => name.endsWith(ending)).map((name) => join(path, name));
  const damage = async (text: string): Promise<void> => {
    for (const file of await files('.seg')) {
      const bytes = await readFile(file);
      const at = bytes.indexOf(text);
      if (at < 0) continue;
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      await writeFile(file, bytes);
    }
  };

  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'relayctl-journal-'));
    damages = [];
    await open();
  });
  afterEach(async () => {
    await store.close();
    await rm(path, { recursive: true });
  });

  it('creates files that only the owner can read', async () => {
    await store.add(record('m1'), inline('x'));
    for (const name of await readdir(path, { recursive: true })) {
      const { mode } = await stat(join(path, name));
      assert.equal(mode & 0o077, 0, name);
    }
  });

  it('sets aside an entry whose bytes have changed, says so, and delivers the others', async () => {
    for (const id of ['m1', 'm2', 'm3']) await store.add(record(id), inline(`body of ${id}`));
    await store.close();
    await damage('body of m2');
    await open();
    assert.deepEqual(await idsIn(store), ['m1', 'm3']);
    assert.equal(store.status().corrupt, 1);
    assert.match(damages[0]?.where ?? '', /\.seg from byte \d+ to \d+$/);
    assert.ok((await readFile(damages[0]?.keptIn ?? '')).includes('ody of m2'));
  });

  it('sets aside content that changes while the relay runs, and forgets the message', async () => {
    await store.add(record('m1'), inline('body of m1'));
    await damage('body of m1');
    await assert.rejects(store.content('m1'), { code: 'EBADMSG' });
    assert.equal(await store.get('m1'), null);
    assert.deepEqual(store.status(), { queued: 0, held: 0, quarantined: 0, corrupt: 1 });
    assert.equal(damages[0]?.id, 'm1');
  });

  it('sets aside a record that changes while the relay runs', async () => {
    await store.add(record('m1', { reason: 'because' }), inline('x'));
    await damage('because');
    assert.equal(await store.get('m1'), null);
    await until(() => damages.length > 0, 'the report');
    assert.equal(damages[0]?.id, 'm1');
    await until(() => store.status().queued === 0, 'the message to leave the queue');
  });

  it('detects a truncated body file', async () => {
    await store.add(record('big'), inline(Buffer.alloc(2_000_000, 'b')));
    const [body = ''] = (await readdir(path, { recursive: true })).filter((name) => /bodies\/\w+$/.test(name));
    await writeFile(join(path, body), 'short');
    await assert.rejects(store.content('big'), { code: 'EBADMSG' });
    assert.equal(await store.get('big'), null);
  });

  it('removes body files that no message names when it takes a folder over', async () => {
    await store.add(record('m1'), inline('x'));
    await arrived(store, Buffer.from('a body and no message'));
    await store.close();
    await open();
    assert.deepEqual(
      (await readdir(path, { recursive: true })).filter((name) => /bodies\/\w+$/.test(name)),
      [],
    );
  });

  it('deletes segments without messages, and compacts the few messages left in old ones', async () => {
    const body = Buffer.alloc(4_000, 'x');
    for (let index = 0; index < 400; index++) {
      const id = `m${String(index).padStart(4, '0')}`;
      await store.add(record(id), inline(body));
      if (index % 40 > 0) await store.remove(id);
    }
    await store.add(record('last'), inline(body));
    await store.remove('last');
    await until(async () => (await files('.seg')).length <= 8, 'eight segments or fewer');
    await store.close();
    await open();
    const ids = await idsIn(store);
    assert.equal(ids.length, 10);
    for (const id of ids) assert.ok((await bytesOf(await store.content(id))).subarray(14).equals(body));
  });

  it('leaves nothing behind when it is closed without messages', async () => {
    await store.add(record('m1'), inline('x'));
    await store.remove('m1');
    await store.close();
    assert.deepEqual(await readdir(path), []);
    await open();
  });
});
