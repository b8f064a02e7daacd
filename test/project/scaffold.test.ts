import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, normalize } from 'node:path';
import { test } from 'node:test';
import { actionFiles } from '../../tools/scaffold/action.ts';
import { factFiles } from '../../tools/scaffold/fact.ts';
import type { Texts } from '../../tools/scaffold/files.ts';
import { lintFiles } from '../../tools/scaffold/lint.ts';
import { lookUpFiles } from '../../tools/scaffold/look-up.ts';
import { operatorFiles } from '../../tools/scaffold/operator.ts';

const KINDS = { operator: operatorFiles, fact: factFiles, 'look-up': lookUpFiles, action: actionFiles, lint: lintFiles };

const assertImports = (files: Texts): void => {
  for (const [file, text] of Object.entries(files)) {
    assert.ok(existsSync(dirname(file)), file);
    const imported = [...text.matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => normalize(`${dirname(file)}/${path}`));
    assert.ok(imported.length > 0);
    for (const path of imported) assert.ok(existsSync(path) || path in files, `${file} imports ${path}`);
  }
};

for (const [kind, filesFor] of Object.entries(KINDS)) {
  const { added, extended = {} } = filesFor('sample.one');
  const files = { ...added, ...extended };

  test(`a scaffolded ${kind} imports only existing files`, () => assertImports(files));

  test(`a scaffolded ${kind} says what has to be filled in`, () => {
    for (const [file, text] of Object.entries(files)) assert.match(text, /One sentence:|'say what it should be'/, file);
  });
}

for (const filesFor of [factFiles, lookUpFiles])
  for (const name of ['sender.sample', 'tls.sample', 'header.sample'])
    test(`${name} joins its family`, () => {
      const { added, extended = {} } = filesFor(name);
      const file = `src/policy/facts/${name.split('.')[0]}.ts`;
      assert.deepEqual(Object.keys(extended), [file]);
      assertImports({ ...added, ...extended });
      const text = extended[file] ?? '';
      const [before, entry] = text.split(`    name: '${name}',`);
      assert.ok(entry !== undefined && before?.startsWith('import '), 'it is one entry more');
      assert.equal(text.match(/^export const facts/gm)?.length, 1);
      assert.equal(text.match(/^import \{ string \} from '\.\.\/types\/string\.ts';$/gm)?.length, 1);
    });
