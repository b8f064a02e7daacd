import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { isBounded, runBounded } from '../../src/cli/bounded.ts';
import { MAIN } from '../kit/main.ts';
import { tempSite } from '../kit/site.ts';
import { relayPolicy } from '../site/policies.ts';

/** A program that does what this code says. */
const program = async (t: TestContext, code: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'relayctl-bounded-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'main.mjs'), code);
  return join(folder, 'main.mjs');
};

suite('commands that check a site have bounds', () => {
  test('only lint, test and explain are bounded', () => {
    assert.deepEqual(
      ['lint', 'test', 'explain', 'serve', 'reload'].filter((name) => isBounded([name])),
      ['lint', 'test', 'explain'],
    );
    assert.equal(isBounded([]), false);
  });

  test('a command within its bounds keeps its exit code and output', async (t) => {
    const site = await tempSite({ 'rules/10-relay.yaml': relayPolicy(25, 'rulez: []\n') });
    t.after(() => site.remove());
    const { status, stdout } = spawnSync(process.execPath, [...MAIN, 'lint', '-c', site.config], {
      encoding: 'utf8',
      timeout: 120_000,
    });
    assert.equal(status, 1);
    assert.match(stdout, /RLY1101/);
  });

  test('arguments and exit code are passed through', async (t) => {
    const main = await program(t, 'process.exitCode = process.argv.slice(2).length;');
    assert.deepEqual(await runBounded(main, ['lint', '-c', 'a']), { code: 3, reason: null });
  });

  test('a command that hangs is killed', async (t) => {
    const main = await program(t, 'for (;;) {}');
    const ended = { code: 2, reason: 'checking the site took longer than 1 s' };
    assert.deepEqual(await runBounded(main, [], { time: 1000, memory: 2048 }), ended);
  });

  test('a command that uses too much memory is killed', async (t) => {
    const main = await program(t, 'const all = []; for (;;) all.push(Array.from({ length: 1000 }, (_, index) => ({ index })));');
    const ended = { code: 2, reason: 'checking the site took more than 100 MiB of memory' };
    assert.deepEqual(await runBounded(main, [], { time: 60_000, memory: 100 }), ended);
  });
});
