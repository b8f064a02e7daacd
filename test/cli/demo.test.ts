import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { playDemo } from '../../src/cli/demo/play.ts';
import { demoTable } from '../../src/cli/demo/table.ts';

test('the demonstration runs the shipped rules, and the README shows what it prints', async () => {
  const played = await playDemo();
  const deciders = played.flatMap(({ by }) => (by.includes('/') ? [by.slice(0, by.indexOf('/'))] : []));
  for (const stem of deciders) assert.ok(readFileSync(`rules/${stem}.yaml`, 'utf8').length > 0, stem);
  assert.ok(readFileSync('README.md', 'utf8').includes(demoTable(played, false)), demoTable(played, false));
});
