import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, normalize } from 'node:path';
import { test } from 'node:test';
import { actionFiles } from '../../tools/scaffold/action.ts';
import { factFiles } from '../../tools/scaffold/fact.ts';
import { lintFiles } from '../../tools/scaffold/lint.ts';
import { operatorFiles } from '../../tools/scaffold/operator.ts';

const KINDS = { operator: operatorFiles, fact: factFiles, action: actionFiles, lint: lintFiles };

for (const [kind, filesFor] of Object.entries(KINDS)) {
  test(`a scaffolded ${kind} imports only existing files`, () => {
    const files = filesFor(kind === 'fact' ? 'helo.sample' : 'sample');
    for (const [file, text] of Object.entries(files)) {
      assert.ok(existsSync(dirname(file)), file);
      const imported = [...text.matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => normalize(`${dirname(file)}/${path}`));
      assert.ok(imported.length > 0);
      for (const path of imported) assert.ok(existsSync(path) || path in files, `${file} imports ${path}`);
    }
  });
}
