import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const sourcesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((file) => (file.endsWith('.ts') ? [join(folder, file)] : []));

/** `file:line` of every line that the pattern finds. */
const linesWith = (pattern: RegExp, folders: readonly string[]): readonly string[] =>
  folders.flatMap(sourcesIn).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}`] : [])),
  );

/* One dialect; biome cannot say this much. Generators and assertion functions have no arrow form. */

test('functions are arrow constants', () => {
  assert.deepEqual(linesWith(/^\s*(?:export )?(?:async )?function (?!\w+\(.*\): asserts )/, ['src', 'test', 'tools']), []);
});

test('primitive constants are in capitals', () => {
  assert.deepEqual(linesWith(/^(?:export )?const [a-z]\w*(?:: \w+)? = (?:-?\d|'|"|`|true\b|false\b|\/[^/*])/, ['src']), []);
});
