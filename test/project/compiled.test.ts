import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

/* Tests run compiled, from build/, and from source. What lies beside a source file does not lie beside the compiled one. */

/** Scripts that are run by hand, from source. */
const BY_HAND = /^(?:bench|load)\//;

/** Where a process of its own is started: a module, in the form that this one has. */
const IN_ITS_OWN_FORM = /scriptFrom\(import\.meta\.dirname, /;

test('tests locate files only through PROJECT and scriptFrom of the kit', () => {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  assert.ok(files.length > 200);
  const lost = files
    .filter((file) => !BY_HAND.test(file) && file !== 'kit/main.ts' && file !== 'project/compiled.test.ts')
    .flatMap((file) =>
      readFileSync(`test/${file}`, 'utf8')
        .split('\n')
        .map((line, at) => ({ place: `test/${file}:${at + 1}`, line })),
    )
    .filter(({ line }) => /import\.meta\.|'tsx'/.test(line) && !IN_ITS_OWN_FORM.test(line));
  assert.deepEqual(
    lost.map(({ place }) => place),
    [],
  );
});
