import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { openStore } from '../../src/queue/journal/store.ts';
import type { MessageStore } from '../../src/queue/store.ts';
import { cannotCountFiles, openFilesIn } from '../kit/open-files.ts';
import { inline, record } from './sample.ts';

const SEGMENT = 64 * 1024;
const BODY = 'x'.repeat(20_000);

describe('the files of a store', { skip: cannotCountFiles }, () => {
  let path: string;
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'relayctl-open-'));
  });
  afterEach(() => rm(path, { recursive: true }));

  const open = (): Promise<MessageStore> => openStore({ path, segmentSize: SEGMENT, report: () => undefined });

  const fill = async (store: MessageStore, count: number): Promise<void> => {
    for (let index = 0; index < count; index++) await store.add(record(`m${index}`), inline(BODY));
  };

  it('are closed when a segment of a folder that is taken over cannot be read', async () => {
    const first = await open();
    await fill(first, 8);
    await first.close();
    const [folder = ''] = (await readdir(path)).filter((name) => name.includes('@'));
    const segments = (await readdir(join(path, folder))).filter((name) => name.endsWith('.seg')).sort();
    assert.ok(segments.length > 2);
    const last = join(path, folder, segments.at(-1) ?? '');
    await rm(last);
    await mkdir(last);
    await assert.rejects(open(), { code: 'EISDIR' });
    assert.deepEqual(openFilesIn(path), []);
  });

  it('are closed with it, whatever it is doing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(12), fc.nat(30), fc.boolean(), async (count, turns, adopts) => {
        const [store, other] = [await open(), await open()];
        await fill(other, 6);
        await other.close();
        const adding = Array.from({ length: count }, (_, index) => store.add(record(`a${index}`), inline(BODY)).catch(() => undefined));
        const adopting = adopts ? store.adopt() : null;
        for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
        await store.close();
        await Promise.all([...adding, adopting]);
        assert.deepEqual(openFilesIn(path), []);
        for (const name of await readdir(path)) await rm(join(path, name), { recursive: true });
      }),
      { numRuns: 40 },
    );
  });
});
