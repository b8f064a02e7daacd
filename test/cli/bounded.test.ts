import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { suite, test } from 'node:test';
import { tempSite } from '../kit/site.ts';
import { relayPolicy } from '../site/policies.ts';

/** Runs lint in bounds, in a process whose stderr can be read. */
const bounded = (config: string, bounds: object): { readonly code: number | null; readonly out: string; readonly err: string } => {
  const script = [
    `import { runBounded } from './src/cli/bounded.ts';`,
    `process.exitCode = await runBounded('src/cli/main.ts', ['lint', '-c', ${JSON.stringify(config)}], ${JSON.stringify(bounds)});`,
  ].join('\n');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
};

suite('commands that check a site have bounds', () => {
  test('within them, exit code and output are those of the command', async (t) => {
    const site = await tempSite({ 'rules/10-relay.yaml': relayPolicy(25) });
    t.after(() => site.remove());
    const run = () => spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'lint', '-c', site.config], { encoding: 'utf8' });
    await site.write({ 'rules/10-relay.yaml': relayPolicy(25, 'rulez: []\n') });
    const { status, stdout } = run();
    assert.equal(status, 1);
    assert.match(stdout, /RLY1101/);
  });

  test('one that takes too long is ended, and 2', async (t) => {
    const site = await tempSite({ 'rules/10-relay.yaml': relayPolicy(25) });
    t.after(() => site.remove());
    const { code, err } = bounded(site.config, { time: 5, memory: 2048 });
    assert.equal(code, 2, err);
    assert.match(err, /^relayctl: checking the site took longer than 0\.005 s$/m);
  });

  test('one that takes too much memory is ended, and 2', async (t) => {
    const site = await tempSite({ 'rules/10-relay.yaml': relayPolicy(25) });
    t.after(() => site.remove());
    const { code, err } = bounded(site.config, { time: 30_000, memory: 24 });
    assert.equal(code, 2, err);
    assert.match(err, /^relayctl: checking the site took more than 24 MiB of memory$/m);
  });
});
