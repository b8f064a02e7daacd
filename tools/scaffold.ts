import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { actionFiles } from './scaffold/action.ts';
import { factFiles } from './scaffold/fact.ts';
import type { Scaffolded } from './scaffold/files.ts';
import { lintFiles } from './scaffold/lint.ts';
import { lookUpFiles } from './scaffold/look-up.ts';
import { operatorFiles } from './scaffold/operator.ts';

/*
 * `node --import tsx tools/scaffold.ts fact|look-up|operator|action|lint NAME` writes a definition and its test, both
 * running and both to be filled in. `npm run generate` then puts the name into index, schema and reference.
 */

const KINDS = new Map<string, (name: string) => Scaffolded>([
  ['fact', factFiles],
  ['look-up', lookUpFiles],
  ['operator', operatorFiles],
  ['action', actionFiles],
  ['lint', lintFiles],
]);

const write = ({ added, extended = {} }: Scaffolded): void => {
  for (const file of Object.keys(added)) if (existsSync(file)) throw new Error(`${file} is there already`);
  for (const [file, text] of Object.entries({ ...added, ...extended })) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`${file in added ? 'wrote' : 'added to'} ${file}`);
  }
};

const [kind = '', name = ''] = process.argv.slice(2);
const files = KINDS.get(kind);

if (files === undefined || !/^[a-z][a-z0-9_.-]*$/.test(name)) {
  console.error(`usage: scaffold ${[...KINDS.keys()].join('|')} NAME`);
  process.exitCode = 2;
} else write(files(name));
