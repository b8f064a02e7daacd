import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createLedger, type Ledger } from '../../src/ledger/ledger.ts';

const clock = { now: 1_000_000_000 };
const fail = (error: unknown): void => {
  throw error;
};
const patience = { delay: 300_000, window: 3_600_000, keep: 10_000_000 };

const folders: string[] = [];
const folder = async (): Promise<string> => {
  const made = await mkdtemp(join(tmpdir(), 'relayctl-ledger-'));
  folders.push(made);
  return made;
};

const open = (path: string): Promise<Ledger> => createLedger({ path, now: () => clock.now, onError: fail });

describe('the ledger', () => {
  after(() => Promise.all(folders.map((made) => rm(made, { recursive: true }))));

  it('counts a limit per rule and key, also after it was closed and opened', async () => {
    const path = await folder();
    const request = { name: 'limit.a/b', key: '192.0.2.0/24', cost: 2, max: 4, per: 60_000 };
    const first = await open(path);
    assert.equal(first.limit(request), false);
    await first.close();
    const ledger = await open(path);
    assert.equal(ledger.limit(request), false);
    assert.equal(ledger.limit(request), true);
    assert.equal(ledger.limit({ ...request, key: '192.0.3.0/24' }), false);
    assert.equal(ledger.limit({ ...request, name: 'limit.a/c' }), false);
    clock.now += 30_000;
    assert.equal(ledger.limit(request), false);
    await ledger.close();
  });

  it('makes a stranger wait, within its window, and then knows it', async () => {
    const ledger = await open(await folder());
    const ask = (ms: number): boolean => {
      clock.now += ms;
      return ledger.greylist({ key: 'a b c', ...patience });
    };
    assert.deepEqual([ask(0), ask(299_999), ask(1), ask(0)], [true, true, false, false]);
    assert.deepEqual([ask(9_000_000), ask(9_000_000), ask(10_000_001)], [false, false, true]);
    assert.deepEqual([ask(3_600_001), ask(300_000)], [true, false]);
    await ledger.close();
  });

  it('keeps its files from others', async () => {
    const path = await folder();
    const ledger = await open(path);
    for (const name of await readdir(path)) assert.equal((await stat(join(path, name))).mode & 0o077, 0, name);
    await ledger.close();
  });

  it('goes on from its snapshot when the machine has been booted since', async () => {
    const path = await folder();
    const ledger = await open(path);
    const request = { name: 'n', key: 'k', cost: 1, max: 1, per: 600_000 };
    assert.equal(ledger.limit(request), false);
    await ledger.close();
    for (const name of await readdir(path))
      if (name !== 'snapshot.mdb')
        await rename(join(path, name), join(path, name.replace(/^[0-9a-f-]{36}/, '00000000-0000-0000-0000-000000000000')));
    const later = await open(path);
    assert.equal(later.limit(request), true);
    assert.deepEqual(
      (await readdir(path)).filter((name) => name.startsWith('00000000')),
      [],
    );
    await later.close();
  });

  it('is shared by processes: of a share of 1,000, they get 1,000 together, though all begin at once', async () => {
    const path = await folder();
    const script = fileURLToPath(new URL('count.ts', import.meta.url));
    const run = promisify(execFile);
    const counts = await Promise.all([1, 2, 3, 4].map(() => run(process.execPath, ['--import', 'tsx', script, path, '400'])));
    const passed = counts.reduce((sum, { stdout }) => sum + Number(stdout), 0);
    assert.ok(passed >= 1_000 && passed <= 1_004, `${passed}: at most a change a process is lost while they begin`);
  });

  it('keeps within the space it was given, and grows when it is given more', async () => {
    const path = await folder();
    const space = 2 * 1024 * 1024;
    const size = async (): Promise<number> => {
      const [file = ''] = (await readdir(path)).filter((name) => /^[0-9a-f-]{36}\.mdb$/.test(name));
      return (await stat(join(path, file))).size;
    };
    const count = (ledger: Ledger, key: string): boolean => ledger.limit({ name: 'limit.a/b', key, cost: 1, max: 4, per: 60_000 });
    const small = await createLedger({ path, space, now: () => clock.now, onError: fail });
    for (let i = 0; i < 12_500; i++) count(small, `${i}`);
    assert.throws(() => count(small, 'one more'), /full/);
    assert.equal(await size(), space);
    await small.close();
    const larger = await createLedger({ path, space: 2 * space, now: () => clock.now, onError: fail });
    assert.equal(count(larger, 'one more'), false);
    await larger.close();
    const again = await createLedger({ path, space, now: () => clock.now, onError: fail });
    assert.equal(await size(), 2 * space);
    await again.close();
  });
});
