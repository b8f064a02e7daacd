import assert from 'node:assert/strict';
import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { until } from '../kit/until.ts';
import { clock, folder, greylist, limit, open, remaining } from './open.ts';

const files = async (path: string): Promise<readonly string[]> => (await readdir(path)).sort().map((name) => join(path, name));

describe('the ledger', () => {
  it('counts a limit per rule and key, also after it was closed and opened', async (t) => {
    const path = await folder(t);
    const { ledger: first } = await open(path);
    assert.equal(await limit(first, { cost: 2 }), false);
    await first.close();
    const { ledger, events } = await open(path);
    assert.equal(await limit(ledger, { cost: 2 }), false);
    assert.equal(await limit(ledger), true);
    assert.equal(await limit(ledger, { key: 'another' }), false);
    assert.equal(await limit(ledger, { name: 'limit.a/c' }), false);
    clock.now += 30_000;
    assert.equal(await limit(ledger, { cost: 2 }), false);
    assert.deepEqual(events, []);
    await ledger.close();
  });

  it('greylists a new key, accepts a retry within the window, and remembers it', async (t) => {
    const { ledger } = await open(await folder(t));
    const ask = (ms: number): Promise<boolean> => {
      clock.now += ms;
      return greylist(ledger, 'a b c');
    };
    const asked = async (...waits: readonly number[]): Promise<readonly boolean[]> => {
      const answers: boolean[] = [];
      for (const wait of waits) answers.push(await ask(wait));
      return answers;
    };
    assert.deepEqual(await asked(0, 299_999, 1, 0), [true, true, false, false]);
    assert.deepEqual(await asked(9_000_000, 9_000_000, 10_000_001), [false, false, true]);
    assert.deepEqual(await asked(3_600_001, 300_000), [true, false]);
    await ledger.close();
  });

  it('creates files that only the owner can read', async (t) => {
    const path = await folder(t);
    const { ledger } = await open(path);
    await limit(ledger);
    for (const file of await files(path)) assert.equal((await stat(file)).mode & 0o077, 0, file);
    await ledger.close();
  });

  it('remembers every key of a random history over closing and opening', async (t) => {
    const step = fc.record({ key: fc.nat(40), wait: fc.nat(20_000), grey: fc.boolean(), reopen: fc.integer({ min: 0, max: 9 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (steps) => {
        const path = await folder(t);
        let { ledger } = await open(path);
        const { ledger: reference } = await open(await folder(t));
        for (const { key, wait, grey, reopen } of steps) {
          clock.now += wait;
          if (reopen === 0) {
            await ledger.close();
            ({ ledger } = await open(path));
          }
          const ask = grey ? greylist : (one: typeof ledger, name: string) => limit(one, { key: name });
          assert.equal(await ask(ledger, String(key)), await ask(reference, String(key)));
        }
        await ledger.close();
        await reference.close();
      }),
      { numRuns: 30 },
    );
  });
});

describe('files of the ledger', () => {
  it('removes what an older version left, unread, and says so once', async (t) => {
    const path = await folder(t);
    const former = ['8d0f2a4e-1111-2222-3333-444455556666.mdb', '8d0f2a4e-1111-2222-3333-444455556666.mdb-lock', 'snapshot.mdb', 'new.17'];
    for (const name of [...former, 'note.txt']) await writeFile(join(path, name), 'x');
    const { ledger, events } = await open(path);
    assert.deepEqual(events, [{ event: 'former files' }]);
    await ledger.close();
    assert.deepEqual(await readdir(path), ['00000001.ledger', 'note.txt']);
    const { ledger: again, events: later } = await open(path);
    assert.deepEqual(later, []);
    await again.close();
  });

  it('cut anywhere, holds the rows of every frame before the cut, and nothing twice', async (t) => {
    const path = await folder(t);
    const { ledger } = await open(path);
    for (let count = 0; count < 20; count++) await limit(ledger, { max: 1_000 });
    await ledger.close();
    const [file = ''] = await files(path);
    const whole = await readFile(file);
    let before = -1;
    for (let length = 0; length <= whole.length; length += 7) {
      const copy = await folder(t);
      await writeFile(join(copy, '00000001.ledger'), whole);
      await truncate(join(copy, '00000001.ledger'), length);
      const { ledger: cut, events } = await open(copy);
      assert.deepEqual(events, [], 'a torn end is no damage');
      const counted = 1_000 - (await remaining(cut, { max: 1_000 }));
      assert.ok(counted >= before && counted <= 20, `${length} bytes: ${counted}`);
      before = counted;
      await cut.close();
    }
    assert.ok(before >= 19);
  });

  it('with any byte changed, opens, says so at most once, and loses at most what stands in that frame', async (t) => {
    const path = await folder(t);
    const { ledger } = await open(path);
    for (let count = 0; count < 30; count++) await limit(ledger, { key: String(count), max: 1 });
    await ledger.close();
    const [file = ''] = await files(path);
    const whole = await readFile(file);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const copy = await folder(t);
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        await writeFile(join(copy, '00000007.ledger'), bytes);
        const { ledger: opened, events } = await open(copy);
        assert.ok(events.length <= 1 && events.every(({ event }) => event === 'damaged'), JSON.stringify(events));
        let lost = 0;
        for (let count = 0; count < 30; count++) if (!(await limit(opened, { key: String(count), max: 1 }))) lost++;
        assert.ok(lost <= 1, `${lost} lost`);
        await opened.close();
      }),
      { numRuns: 60 },
    );
  });

  it('are rewritten when they have become much longer than their rows, and stay bounded', async (t) => {
    const path = await folder(t);
    const { ledger } = await open(path);
    const many = Array.from({ length: 500 }, (_, at) => String(at));
    for (let round = 0; round < 100; round++) await Promise.all(many.map((key) => limit(ledger, { key, max: 1_000 })));
    await until(async () => (await files(path)).length === 1, 'one file');
    const sizes = await Promise.all((await files(path)).map(async (file) => (await stat(file)).size));
    assert.ok(Math.max(...sizes) < 3 * 1024 * 1024, String(sizes));
    assert.notDeepEqual(await readdir(path), ['00000001.ledger']);
    await ledger.close();
    const { ledger: again } = await open(path);
    assert.equal(await remaining(again, { key: '7', max: 1_000 }), 900);
    await again.close();
  });
});
