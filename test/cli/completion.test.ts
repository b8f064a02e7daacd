import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { command } from '../kit/cli.ts';

/* The script in a real bash. Whether it is the way bash itself would split a line is not at stake here. */

suite('completion in a shell', () => {
  let folder = '';
  let script = '';

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'relayctl-completion-'));
    script = join(folder, 'relayctl.bash');
    writeFileSync(script, (await command('completion', 'bash')).out);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  /** What bash offers for the last of these words. */
  const offered = (...words: readonly string[]): readonly string[] => {
    const line = words.map((word) => `'${word}'`).join(' ');
    const asked = `source '${script}'; COMP_WORDS=(relayctl ${line}); COMP_CWORD=${words.length}; _relayctl; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const out = execFileSync('bash', ['--norc', '-c', asked], { encoding: 'utf8', cwd: folder });
    return out.split('\n').filter((word) => word !== '');
  };

  test('commands', () => {
    assert.deepEqual(offered('se'), ['serve', 'send']);
    assert.ok(offered('').includes('lint') && offered('').includes('language-server'));
    assert.ok(offered('queue', '').includes('list'));
  });

  test('options of the command that is written', () => {
    assert.deepEqual(offered('lint', '--for'), ['--format']);
    assert.deepEqual(offered('status', '--max-w'), []);
    assert.deepEqual(offered('--ver'), ['--version']);
  });

  test('words that an option or an argument takes', () => {
    assert.ok(offered('lint', '--format', '').includes('sarif'));
    assert.deepEqual(offered('completion', 'f'), ['fish']);
    assert.deepEqual(offered('schema', 'pol'), ['policy']);
  });

  test('files behind an option that names one', () => assert.deepEqual(offered('lint', '-c', 'relayctl'), ['relayctl.bash']));

  for (const shell of ['bash', 'zsh', 'fish'])
    test(`${shell} is told of every command`, async () => {
      const { code, out } = await command('completion', shell);
      assert.equal(code, 0);
      const help = (await command('--help')).out;
      for (const [, name] of help.matchAll(/^ {2}([a-z-]+)(?: \[options\])?[ <[]/gm))
        assert.ok(out.includes(String(name)), `${shell} ${name}`);
    });

  test('another shell is a usage error', async () => assert.equal((await command('completion', 'csh')).code, 2));
});
