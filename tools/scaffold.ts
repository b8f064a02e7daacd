import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { actionFiles } from './scaffold/action.ts';
import { factFiles } from './scaffold/fact.ts';
import type { NewFiles } from './scaffold/files.ts';
import { lintFiles } from './scaffold/lint.ts';
import { operatorFiles } from './scaffold/operator.ts';

/*
 * `node --import tsx tools/scaffold.ts fact|operator|action|lint NAME` writes a definition and its test, both
 * running and both to be filled in. `npm run generate` then puts the name into index, schema and reference.
 */

const KINDS = new Map<string, (name: string) => NewFiles>([
  ['fact', factFiles],
  ['operator', operatorFiles],
  ['action', actionFiles],
  ['lint', lintFiles],
]);

const [kind = '', name = ''] = process.argv.slice(2);
const files = KINDS.get(kind);

if (files === undefined || !/^[a-z][a-z0-9_.-]*$/.test(name)) {
  console.error(`usage: scaffold ${[...KINDS.keys()].join('|')} NAME`);
  process.exitCode = 2;
} else {
  for (const [file, text] of Object.entries(files(name))) {
    if (existsSync(file)) throw new Error(`${file} is there already`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`wrote ${file}`);
  }
}
