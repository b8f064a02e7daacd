import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { MAIN } from '../kit/main.ts';

/* `npm start` as people call it, with a copy of package.json's script that runs no stale build. */

const SERVE = `node ${MAIN.map((word) => `'${word}'`).join(' ')} serve`;

const script = (): string => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  assert.match(scripts.start, / node dist\/cli\/main\.js serve$/);
  return scripts.start.replace('node dist/cli/main.js serve', SERVE);
};

test('npm start ends with its relay, and the relay with npm start', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'relayctl-start-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  execFileSync(process.execPath, [...MAIN, 'init', join(folder, 'site')], { stdio: 'pipe' });
  const config = join(folder, 'site/config/relay.yaml');
  writeFileSync(config, readFileSync(config, 'utf8').replace('127.0.0.1:2525', '127.0.0.1:0'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { start: script() } }));

  const npm = spawn('npm', ['start', '--silent', '--', '-c', config], { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(npm, 'exit');
  const lines = createInterface({ input: npm.stdout });
  const outputEnded = once(npm.stdout, 'close');
  const [ready] = await Promise.race([once(lines, 'line'), exited]);
  assert.match(String(ready), /^ready mx=127\.0\.0\.1:\d+/);
  npm.kill('SIGTERM');
  await exited;
  // Only when the relay has gone is nobody left who could write.
  await outputEnded;
});
