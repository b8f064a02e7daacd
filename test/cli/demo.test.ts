import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { playDemo } from '../../src/cli/demo/play.ts';
import { demoTable } from '../../src/cli/demo/table.ts';

test('the demo runs the shipped rules, and docs/demo.md shows its output', async () => {
  const played = await playDemo();
  const deciders = played.flatMap(({ by }) => (by.includes('/') ? [by.slice(0, by.indexOf('/'))] : []));
  for (const stem of deciders) assert.ok(readFileSync(`rules/${stem}.yaml`, 'utf8').length > 0, stem);
  assert.ok(readFileSync('docs/demo.md', 'utf8').includes(demoTable(played, false)), demoTable(played, false));
});
