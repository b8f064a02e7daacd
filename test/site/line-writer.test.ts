import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { LineWriter } from '../../src/site/logs/line-writer.ts';
import { until } from '../kit/until.ts';

const unexpected = (what: unknown): void => assert.fail(String(what));

describe('lines of a log', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relayctl-lines-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('arrive whole and in order, many and few', async () => {
    const to = join(folder, 'deep/log');
    const writer = new LineWriter({ to, onError: unexpected, onLost: unexpected });
    const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index}\n`);
    for (const line of lines) writer.write(line);
    await until(async () => (await stat(to)).size === lines.join('').length, 'all lines');
    assert.equal(await readFile(to, 'utf8'), lines.join(''));
    writer.write('last\n');
    writer.close();
    assert.equal(await readFile(to, 'utf8'), `${lines.join('')}last\n`);
  });

  it('go to a new file after the old one is moved', async () => {
    const to = join(folder, 'moved');
    const writer = new LineWriter({ to, onError: unexpected, onLost: unexpected });
    writer.write('old\n');
    await rename(to, `${to}.1`);
    writer.reopen();
    writer.write('new\n');
    writer.close();
    assert.deepEqual([await readFile(`${to}.1`, 'utf8'), await readFile(to, 'utf8')], ['old\n', 'new\n']);
  });

  it('are dropped on a full disk, without a fault or delay, and reported once', { skip: process.platform !== 'linux' }, async () => {
    const errors: string[] = [];
    const full = openSync('/dev/full', 'w');
    const writer = new LineWriter({ to: full, onError: ({ message }) => errors.push(message), onLost: unexpected });
    for (let index = 0; index < 30_000; index++) writer.write(`${'x'.repeat(100)}\n`);
    await until(() => errors.length > 0, 'the fault');
    writer.flush();
    writer.close();
    closeSync(full);
    assert.equal(errors.length, 1);
    assert.match(errors[0] ?? '', /ENOSPC/);
  });
});
